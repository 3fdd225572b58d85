import type { PublishedModel, SpeakerModel } from '@/lib/catalogue';
import { AppError, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import { describeSpeakerModel } from '@/lib/engine/diarisation';
import { describeAdded } from './added-model';
import type { DownloadManager } from './downloads/download-manager';
import {
  type InstallManifest,
  type InstallManifestStore,
  newInstallManifest,
} from './downloads/install-manifest';
import {
  removeModelFolder,
  requireModelsFolder,
  requireQuota,
  storedName,
} from './downloads/model-storage';
import { type FileTransfers, withInstalled } from './downloads/run-download';
import type { ModelLibraryState } from './model-library-state';

interface Dependencies {
  state: ModelLibraryState;
  manifests: InstallManifestStore;
  downloads: DownloadManager;
  freeBytes(): Promise<number | null>;
  openTransfers(): FileTransfers;
}

/** What stands for a revision where there are none. */
const NO_REVISION = 'local';
/** The largest published model of speakers has 221 MB; larger graphs are not read to see what they are. */
const MAX_SPEAKER_BYTES = 300_000_000;

/** See `ModelLibrary.addFolder`: copies what the backends would load, and nothing else. */
export async function addFolder(
  files: readonly File[],
  dependencies: Dependencies,
): Promise<PublishedModel> {
  const { state, manifests, downloads } = dependencies;
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
      speakers: await speakersOf(byPath),
    },
    state.ids(),
  );
  const wanted = chosenFiles(model, byPath);
  const totalBytes = [...wanted.values()].reduce((sum, { size }) => sum + size, 0);
  await requireQuota(totalBytes, new Map(), dependencies.freeBytes);
  await manifests.update(model.id, () => ({ ...newInstallManifest(model, true), copying: true }));
  try {
    await downloads.withLock(model.id, () => copyAll(model, wanted, totalBytes, dependencies));
  } finally {
    await downloads.notifyChanged(model.id);
  }
  return model;
}

async function copyAll(
  model: PublishedModel,
  files: ReadonlyMap<string, File>,
  totalBytes: number,
  { manifests, downloads, openTransfers }: Dependencies,
): Promise<void> {
  const { id } = model;
  const [first = 'wasm'] = backendsOf(model);
  const isWanted = (manifest: InstallManifest | null) =>
    manifest?.copying === true && !manifest.removing;
  const show = downloads.showProgress(id, first, totalBytes);
  const kept: InstallManifest['kept'] = {};
  const transfers = openTransfers();
  try {
    await downloads.run(id, isWanted, async (signal) => {
      let before = 0;
      await downloads.refresh(id);
      for (const [path, file] of files) {
        const name = storedName(path);
        const onProgress = (doneBytes: number) =>
          show({ doneBytes: before + doneBytes, receivedBytes: before + doneBytes });
        const copied = await transfers.copyFile(file, { modelId: id, name, signal, onProgress });
        before += copied.bytes;
        kept[name] = { path, ...copied };
      }
    });
    await manifests.update(id, (manifest) => {
      if (!manifest || !isWanted(manifest)) return null;
      return backendsOf(model).reduce(withInstalled, { ...manifest, copying: false, kept });
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

/** What a folder's only graph does, where it tells speakers apart. */
async function speakersOf(
  byPath: ReadonlyMap<string, File>,
): Promise<SpeakerModel['family'] | undefined> {
  const [graph, ...others] = [...byPath].filter(([path]) => path.endsWith('.onnx'));
  if (!graph || others.length > 0 || graph[1].size > MAX_SPEAKER_BYTES) return undefined;
  let bytes: ArrayBuffer;
  try {
    bytes = await graph[1].arrayBuffer();
  } catch (cause) {
    throw new AppError('SOURCE_UNREADABLE', `"${graph[0]}" cannot be read.`, { cause });
  }
  const found = describeSpeakerModel(new Uint8Array(bytes));
  return found ? `speaker-${found.kind}` : undefined;
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
