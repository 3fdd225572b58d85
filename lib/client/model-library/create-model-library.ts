import type { PublishedModel } from '@/lib/catalogue';
import type { Shelf } from '@/lib/contracts';
import { AppError, isAbort, memoizePromise, throwIfAborted, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import { addFolder } from './add-folder';
import { DownloadKeeper } from './downloads/download-manager';
import { failureOf } from './downloads/failure';
import type { FileTransfers } from './downloads/file-transfers';
import {
  installedBackends,
  type Marker,
  newMarker,
  withWanted,
} from './downloads/install-manifest';
import { createMarkerStore, type ModelLocks } from './downloads/install-manifest-store';
import {
  canKeepModels,
  removeModelFolder,
  requireModelsFolder,
  storedModels,
} from './downloads/model-storage';
import { pinnedRevision, planFiles, totalBytesOf } from './downloads/plan-files';
import { requireRoom } from './downloads/quota';
import { sizesOnDisk } from './downloads/run-download';
import { addRepository } from './hub/add-repository';
import { DEFAULT_PATIENCE, type Patience } from './hub/hub-fetch';
import type { ModelLibrary } from './model-library';
import type { LibraryChannel } from './model-library-channel';
import { LibraryState } from './model-library-state';

/** What a library is made of; all of it belongs to this tab, and the locks to all tabs. */
export interface LibraryParts {
  /** The published models of the catalogue. */
  catalogue(): Promise<readonly PublishedModel[]>;
  /** The hub's base address, without a last slash. */
  hub(): Promise<string>;
  /** The server's own models; an empty shelf where it has none or cannot be asked. */
  shelf(): Promise<Shelf>;
  /** Absolute address of `/api/models`. */
  shelfUrl: string;
  /** Absolute address of the folder that built-in models lie in, with a last slash. */
  modelsUrl: string;
  openTransfers(): FileTransfers;
  locks: ModelLocks;
  channel: LibraryChannel;
  /** What the browser still lets this site store, in bytes; `null`: it does not say. */
  freeBytes(): Promise<number | null>;
  /** Asks that what is stored is not cleared under pressure. */
  askToPersist(): Promise<unknown>;
  /** Calls the listener whenever the network is there again. */
  onOnline(listener: () => void): void;
  patience?: Patience;
  stopTimeoutMs?: number;
}

/** A tab in which a file is being hashed or flushed needs some seconds to let go. */
const STOP_TIMEOUT_MS = 15_000;

/** The library of this tab. It begins to read, and to go on with wanted downloads, at once. */
export function createModelLibrary(parts: LibraryParts): ModelLibrary {
  const { patience = DEFAULT_PATIENCE, stopTimeoutMs = STOP_TIMEOUT_MS } = parts;
  const state = new LibraryState();
  const markers = createMarkerStore(parts.locks);
  const hub = memoizePromise(() => parts.hub());
  const keeper = new DownloadKeeper({ ...parts, hub, markers, state, patience, stopTimeoutMs });
  /** Downloads of this tab for which the hub is still being asked what there is. */
  const preparing = new Map<string, AbortController>();

  const start = memoizePromise(async () => {
    const ids = await storedIds();
    await Promise.all(ids.map((id) => keeper.look(id)));
    parts.channel.post({ kind: 'hello' });
    const shelf = parts.shelf();
    try {
      const models = await parts.catalogue();
      await dropOutdated(models);
      state.setCatalogue(models, await shelf);
    } catch (error) {
      state.setCatalogue([], await shelf); // what is on this device can be used all the same
      throw error;
    }
    await clean(ids);
  });

  /** None where the browser keeps no files: what can be downloaded is shown all the same. */
  const storedIds = async () => {
    if (!canKeepModels()) return [];
    try {
      return await storedModels();
    } catch (error) {
      console.warn('Stored models cannot be listed', error);
      return [];
    }
  };

  /** Removes folders of which nobody knows what they are. */
  const clean = async (ids: readonly string[]) => {
    const known = state.ids();
    for (const id of ids) {
      if (known.has(id)) continue;
      await keeper.alone(id, async () => {
        if ((await markers.isUnreadable(id)) && !state.ids().has(id)) await removeModelFolder(id);
      });
    }
  };

  /** Files of a built-in model that are those of another build make room for this one's. */
  const dropOutdated = async (models: readonly PublishedModel[]) => {
    if (!canKeepModels()) return;
    for (const model of models) {
      if (model.repository !== '') continue;
      const kept = (await markers.read(model.id))?.installed.wasm?.files ?? {};
      const isOld = Object.entries(kept).some(
        ([role, { sha256 }]) => sha256 !== model.backends.wasm?.files[role]?.sha256,
      );
      if (!isOld) continue;
      await keeper.alone(model.id, () => removeModelFolder(model.id));
      await keeper.changed(model.id);
    }
  };

  const begin = async () => {
    hub.forget();
    try {
      await start();
    } catch (error) {
      console.warn('The list of models cannot be read', error); // those of this device are there
    }
  };

  const setWanted = (
    model: PublishedModel,
    backend: Backend,
    wanted: Pick<Marker['wanted'][number], 'state' | 'files' | 'totalBytes' | 'error'>,
  ) =>
    markers.update(model.id, (now) => {
      const added = now?.added ?? false;
      const base = now && !now.removing ? now : newMarker(model, added);
      return withWanted({ ...base, model }, backend, { backend, ...wanted });
    });

  const fail = async (model: PublishedModel, backend: Backend, error: unknown) => {
    const totalBytes = model.backends[backend]?.approximateBytes ?? 0;
    const failed = { state: 'failed' as const, files: [], totalBytes, error: failureOf(error) };
    await setWanted(model, backend, failed);
  };

  const download = async (id: string, backend: Backend) => {
    await requireModelsFolder();
    await begin();
    const listed = state.find(id);
    if (!listed) throw new AppError('NOT_FOUND', `There is no model "${id}".`);
    const marker = await markers.read(id);
    const begun = marker && hasBegun(marker, backend) ? marker.model : null;
    const offered = begun ? { ...listed, ...filesOf(begun) } : listed;
    const variant = offered.backends[backend];
    if (!variant)
      throw new AppError('MODEL_UNSUPPORTED', `Model "${id}" does not run on ${backend}.`);
    if (marker?.installed[backend] && !marker.removing) return;
    const earlier = marker?.wanted.find((one) => one.backend === backend);
    if (preparing.has(id)) return;
    if (earlier?.state === 'downloading') return keeper.changed(id);
    parts.askToPersist().catch((error: unknown) => console.warn('Storage is not protected', error));

    const abort = new AbortController();
    preparing.set(id, abort);
    let model = offered;
    try {
      const nothing = { doneBytes: 0, totalBytes: variant.approximateBytes, secondsLeft: null };
      state.setLive(id, { state: 'downloading', backend, ...nothing });
      const options = { patience, signal: abort.signal };
      const planned = earlier?.state === 'paused' ? earlier.files : [];
      if (!begun) model = { ...offered, revision: await pinnedRevision(offered, hub, options) };
      const files = planned.length > 0 ? planned : await planFiles(model, variant, hub, options);
      const totalBytes = totalBytesOf(files, variant.approximateBytes);
      await requireRoom(totalBytes, await sizesOnDisk(id, files), parts.freeBytes);
      throwIfAborted(abort.signal);
      await setWanted(model, backend, { state: 'downloading', files, totalBytes, error: null });
    } catch (error) {
      if (isAbort(error)) return;
      const { code } = toAppError(error);
      if (code.startsWith('STORE_')) throw error;
      await fail(model, backend, error);
    } finally {
      preparing.delete(id);
      await keeper.look(id);
    }
    await keeper.changed(id);
  };

  /** Downloads that failed because the network was off. */
  const goOn = async () => {
    for (const { model, state: now } of state.list()) {
      const transfer = now.state === 'installed' ? now.transfer : now;
      if (transfer?.state !== 'failed' || transfer.error.code !== 'OFFLINE') continue;
      await download(model.id, transfer.backend);
    }
  };
  parts.onOnline(() => {
    goOn().catch((error: unknown) => console.warn('Downloads do not go on', error));
  });

  start().catch((error: unknown) => console.warn('The list of models cannot be read', error));

  return {
    get: () => state.get(),
    subscribe: (listener) => state.subscribe(listener),
    download,
    async pause(id) {
      preparing.get(id)?.abort();
      await markers.update(id, (marker) => {
        if (!marker?.wanted.some((one) => one.state === 'downloading')) return null;
        const paused = (state: Marker['wanted'][number]['state']) =>
          state === 'downloading' ? ('paused' as const) : state;
        const wanted = marker.wanted.map((one) => ({ ...one, state: paused(one.state) }));
        return { ...marker, wanted };
      });
      await keeper.changed(id);
      // whoever held the lock has seen it when the lock is free
      await keeper.alone(id, async () => undefined);
      await keeper.look(id);
    },
    async remove(id) {
      preparing.get(id)?.abort();
      await markers.update(id, (marker) => marker && { ...marker, removing: true });
      await keeper.changed(id);
      await keeper.alone(id, () => removeModelFolder(id));
      await keeper.changed(id);
    },
    async addRepository(name) {
      await begin();
      return addRepository(name, { state, markers, keeper, hub, patience });
    },
    async addFolder(files) {
      await begin();
      const { freeBytes, openTransfers } = parts;
      return addFolder(files, { state, markers, keeper, freeBytes, openTransfers });
    },
  };
}

/**
 * Whether files of the marker's revision are here or on their way, to which others must belong; a
 * download that failed is begun anew.
 */
function hasBegun(marker: Marker, backend: Backend): boolean {
  if (marker.removing) return false;
  const isGoingOn = marker.wanted.some(
    (one) => one.files.length > 0 && !(one.backend === backend && one.state === 'failed'),
  );
  return isGoingOn || installedBackends(marker).length > 0;
}

/** What of a model's entry says which files it has, and where they lie. */
function filesOf({ revision, backends, isOnServer = false }: PublishedModel) {
  return { revision, backends, isOnServer };
}
