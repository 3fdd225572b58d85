import type { PublishedModel } from '@/lib/catalogue';
import { AppError, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import { describeAdded } from './added-model';
import type { DownloadKeeper } from './downloads/download-manager';
import type { FileTransfers } from './downloads/file-transfers';
import { type Marker, newMarker } from './downloads/install-manifest';
import type { MarkerStore } from './downloads/install-manifest-store';
import { removeModelFolder, requireModelsFolder, storedName } from './downloads/model-storage';
import { requireRoom } from './downloads/quota';
import { withInstalled } from './downloads/run-download';
import type { LibraryState } from './model-library-state';

interface Parts {
  state: LibraryState;
  markers: MarkerStore;
  keeper: DownloadKeeper;
  freeBytes(): Promise<number | null>;
  openTransfers(): FileTransfers;
}

/** What stands for a revision where there are none. */
const NO_REVISION = 'local';

/** See `ModelLibrary.addFolder`: copies what the backends would load, and nothing else. */
export async function addFolder(files: readonly File[], parts: Parts): Promise<PublishedModel> {
  const { state, markers, keeper } = parts;
  await requireModelsFolder();
  const { title, byPath } = arrange(files);
  const config = await configOf(byPath.get('config.json'));
  const offered = [...byPath].map(([path, { size }]) => ({
    path,
    bytes: size || null,
    sha256: null,
  }));
  const model = describeAdded(
    {
      title,
      repository: '',
      revision: NO_REVISION,
      files: offered,
      config,
      licence: null,
      languages: [],
    },
    state.ids(),
  );
  const wanted = chosenFiles(model, byPath);
  const totalBytes = [...wanted.values()].reduce((sum, { size }) => sum + size, 0);
  await requireRoom(totalBytes, new Map(), parts.freeBytes);
  await markers.update(model.id, () => ({ ...newMarker(model, true), copying: true }));
  try {
    await keeper.alone(model.id, () => copyAll(model, wanted, totalBytes, parts));
  } finally {
    await keeper.changed(model.id);
  }
  return model;
}

async function copyAll(
  model: PublishedModel,
  files: ReadonlyMap<string, File>,
  totalBytes: number,
  { markers, keeper, openTransfers }: Parts,
): Promise<void> {
  const { id } = model;
  const [first = 'wasm'] = backendsOf(model);
  const isWanted = (marker: Marker | null) => marker?.copying === true && !marker.removing;
  const show = keeper.showProgress(id, first, totalBytes);
  const kept: Marker['kept'] = {};
  const transfers = openTransfers();
  try {
    await keeper.run(id, isWanted, async (signal) => {
      let before = 0;
      await keeper.look(id);
      for (const [path, file] of files) {
        const name = storedName(path);
        const onProgress = (doneBytes: number) =>
          show({ doneBytes: before + doneBytes, receivedBytes: before + doneBytes });
        const copied = await transfers.copyFile(file, { modelId: id, name, signal, onProgress });
        before += copied.bytes;
        kept[name] = { path, ...copied };
      }
    });
    await markers.update(id, (marker) => {
      if (!marker || !isWanted(marker)) return null;
      return backendsOf(model).reduce(withInstalled, { ...marker, copying: false, kept });
    });
  } catch (error) {
    transfers.dispose();
    await removeModelFolder(id);
    throw toAppError(error, 'STORE_FAILED');
  } finally {
    transfers.dispose();
  }
}

function backendsOf(model: PublishedModel): Backend[] {
  return (['wasm', 'webgpu'] as const).filter((backend) => model.backends[backend]);
}

/** Files by their path in the folder that the user chose, and the folder's name. */
function arrange(files: readonly File[]): { title: string; byPath: Map<string, File> } {
  const paths = files.map((file) => (file.webkitRelativePath || file.name).split('/'));
  const [top = ''] = paths[0] ?? [];
  const inFolder = paths.length > 0 && paths.every((path) => path.length > 1 && path[0] === top);
  const byPath = new Map(
    files.map((file, i) => [(paths[i] ?? []).slice(inFolder ? 1 : 0).join('/'), file]),
  );
  return { title: inFolder ? top : 'model', byPath };
}

/** The files of all backends' variants, each once. */
function chosenFiles(model: PublishedModel, byPath: ReadonlyMap<string, File>): Map<string, File> {
  const chosen = new Map<string, File>();
  for (const backend of backendsOf(model))
    for (const { path } of Object.values(model.backends[backend]?.files ?? {})) {
      const file = byPath.get(path);
      if (file) chosen.set(path, file);
    }
  return chosen;
}

async function configOf(file: File | undefined): Promise<unknown> {
  if (!file) return null;
  let text: string;
  try {
    text = await file.text();
  } catch (cause) {
    throw new AppError('SOURCE_UNREADABLE', `"${file.name}" cannot be read.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    return null; // no JSON: it says nothing of the family
  }
}
