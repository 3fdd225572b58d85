import type { PublishedModel } from '@/lib/catalogue';
import type { Shelf } from '@/lib/contracts';
import { AppError, isAbort, memoizePromise, throwIfAborted, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import { addFolder } from './add-folder';
import { DownloadManager } from './downloads/download-manager';
import {
  createInstallManifestStore,
  type InstallManifest,
  installedBackends,
  type ModelLocks,
  newInstallManifest,
  withWanted,
} from './downloads/install-manifest';
import {
  canKeepModels,
  removeModelFolder,
  requireModelsFolder,
  requireQuota,
  storedModels,
} from './downloads/model-storage';
import { pinnedRevision, planFiles, totalBytesOf } from './downloads/plan-files';
import { type FileTransfers, failureOf, sizesOnDisk } from './downloads/run-download';
import { addRepository } from './hub/add-repository';
import { type AskHub, DEFAULT_PATIENCE, type Patience } from './hub/hub-fetch';
import type { ModelLibrary } from './model-library';
import { type ModelLibraryChannel, ModelLibraryState } from './model-library-state';

/** What a model library is given; all of it belongs to this tab, except the locks, which all tabs share. */
export interface ModelLibraryDependencies {
  /** The published models of the catalogue. */
  catalogue(): Promise<readonly PublishedModel[]>;
  /** The hub's base address, without a trailing slash. */
  hub(): Promise<string>;
  /** The server's own models; an empty shelf if it has none or cannot be reached. */
  shelf(): Promise<Shelf>;
  /** Absolute address of `/api/models`. */
  shelfUrl: string;
  /** Absolute address of the folder of built-in models, with a trailing slash. */
  modelsUrl: string;
  openTransfers(): FileTransfers;
  /** How the hub's listings are read; missing: from this thread. */
  askHub?: AskHub;
  locks: ModelLocks;
  channel: ModelLibraryChannel;
  /** What this site may still store, in bytes; `null` if the browser does not report it. */
  freeBytes(): Promise<number | null>;
  /** Asks the browser not to clear stored data under storage pressure. */
  askToPersist(): Promise<unknown>;
  /** Calls the listener whenever the network is back. */
  onOnline(listener: () => void): void;
  /** In a private session: models that are there are used, and nothing is written. */
  isReadOnly?: boolean;
  patience?: Patience;
  stopTimeoutMs?: number;
}

/** A tab that is hashing or flushing a file needs some seconds to release its lock. */
const STOP_TIMEOUT_MS = 15_000;

/** The model library of this tab. It starts reading, and resuming downloads, at once. */
export function createModelLibrary(dependencies: ModelLibraryDependencies): ModelLibrary {
  const {
    isReadOnly = false,
    patience = DEFAULT_PATIENCE,
    stopTimeoutMs = STOP_TIMEOUT_MS,
  } = dependencies;
  const requireWriting = () => {
    if (isReadOnly) throw new AppError('PRIVATE_SESSION', 'A private session changes no models.');
  };
  const state = new ModelLibraryState();
  const manifests = createInstallManifestStore(dependencies.locks);
  const hub = memoizePromise(() => dependencies.hub());
  const downloads = new DownloadManager({
    ...dependencies,
    hub,
    manifests,
    state,
    patience,
    stopTimeoutMs,
  });
  /** Downloads of this tab for which the hub is still being queried. */
  const preparing = new Map<string, AbortController>();

  const start = memoizePromise(async () => {
    const ids = await storedIds();
    await Promise.all(ids.map((id) => downloads.refresh(id)));
    dependencies.channel.post({ kind: 'hello' });
    const shelf = dependencies.shelf();
    try {
      const models = await dependencies.catalogue();
      if (!isReadOnly) await removeOutdated(models);
      state.setCatalogue(models, await shelf);
    } catch (error) {
      state.setCatalogue([], await shelf); // installed models can still be used
      throw error;
    }
    if (!isReadOnly) await removeUnknownFolders(ids);
  });

  /** Empty if the browser stores no files; models that can be downloaded are still listed. */
  const storedIds = async () => {
    if (!canKeepModels()) return [];
    try {
      return await storedModels();
    } catch (error) {
      console.warn('Stored models cannot be listed', error);
      return [];
    }
  };

  /** Removes folders that belong to no known model. */
  const removeUnknownFolders = async (ids: readonly string[]) => {
    const known = state.ids();
    for (const id of ids) {
      if (known.has(id)) continue;
      await downloads.withLock(id, async () => {
        if ((await manifests.isUnreadable(id)) && !state.ids().has(id)) await removeModelFolder(id);
      });
    }
  };

  /** Removes files of built-in models that belong to another build. */
  const removeOutdated = async (models: readonly PublishedModel[]) => {
    if (!canKeepModels()) return;
    for (const model of models) {
      if (model.repository !== '') continue;
      const kept = (await manifests.read(model.id))?.installed.wasm?.files ?? {};
      const isOld = Object.entries(kept).some(
        ([role, { sha256 }]) => sha256 !== model.backends.wasm?.files[role]?.sha256,
      );
      if (!isOld) continue;
      await downloads.withLock(model.id, () => removeModelFolder(model.id));
      await downloads.notifyChanged(model.id);
    }
  };

  const begin = async () => {
    hub.forget();
    try {
      await start();
    } catch (error) {
      console.warn('The list of models cannot be read', error); // installed ones are still listed
    }
  };

  const setWanted = (
    model: PublishedModel,
    backend: Backend,
    wanted: Pick<InstallManifest['wanted'][number], 'state' | 'files' | 'totalBytes' | 'error'>,
  ) =>
    manifests.update(model.id, (now) => {
      const added = now?.added ?? false;
      const base = now && !now.removing ? now : newInstallManifest(model, added);
      return withWanted({ ...base, model }, backend, { backend, ...wanted });
    });

  const fail = async (model: PublishedModel, backend: Backend, error: unknown) => {
    const totalBytes = model.backends[backend]?.approximateBytes ?? 0;
    const failed = { state: 'failed' as const, files: [], totalBytes, error: failureOf(error) };
    await setWanted(model, backend, failed);
  };

  const download = async (id: string, backend: Backend) => {
    requireWriting();
    await requireModelsFolder();
    await begin();
    const listed = state.find(id);
    if (!listed) throw new AppError('NOT_FOUND', `There is no model "${id}".`);
    const manifest = await manifests.read(id);
    const begun = manifest && hasBegun(manifest, backend) ? manifest.model : null;
    const offered = begun ? { ...listed, ...filesOf(begun) } : listed;
    const variant = offered.backends[backend];
    if (!variant)
      throw new AppError('MODEL_UNSUPPORTED', `Model "${id}" does not run on ${backend}.`);
    if (manifest?.installed[backend] && !manifest.removing) return;
    const earlier = manifest?.wanted.find((one) => one.backend === backend);
    if (preparing.has(id)) return;
    if (earlier?.state === 'downloading') return downloads.notifyChanged(id);
    dependencies
      .askToPersist()
      .catch((error: unknown) => console.warn('Storage is not protected', error));

    const abort = new AbortController();
    preparing.set(id, abort);
    let model = offered;
    try {
      const nothing = { doneBytes: 0, totalBytes: variant.approximateBytes, secondsLeft: null };
      state.setLive(id, { state: 'downloading', backend, ...nothing });
      const options = { ask: dependencies.askHub, patience, signal: abort.signal };
      const planned = earlier?.state === 'paused' ? earlier.files : [];
      if (!begun) model = { ...offered, revision: await pinnedRevision(offered, hub, options) };
      const files = planned.length > 0 ? planned : await planFiles(model, variant, hub, options);
      const totalBytes = totalBytesOf(files, variant.approximateBytes);
      await requireQuota(totalBytes, await sizesOnDisk(id, files), dependencies.freeBytes);
      throwIfAborted(abort.signal);
      await setWanted(model, backend, { state: 'downloading', files, totalBytes, error: null });
    } catch (error) {
      if (isAbort(error)) return;
      const { code } = toAppError(error);
      if (code.startsWith('STORE_')) throw error;
      await fail(model, backend, error);
    } finally {
      preparing.delete(id);
      await downloads.refresh(id);
    }
    await downloads.notifyChanged(id);
  };

  /** Resumes downloads that failed because the network was down. */
  const resumeFailedOffline = async () => {
    for (const { model, state: now } of state.list()) {
      const transfer = now.state === 'installed' ? now.transfer : now;
      if (transfer?.state !== 'failed' || transfer.error.code !== 'OFFLINE') continue;
      await download(model.id, transfer.backend);
    }
  };
  dependencies.onOnline(() => {
    resumeFailedOffline().catch((error: unknown) =>
      console.warn('Downloads cannot be resumed', error),
    );
  });

  start().catch((error: unknown) => console.warn('The list of models cannot be read', error));

  return {
    state: state.store,
    download,
    async pause(id) {
      requireWriting();
      preparing.get(id)?.abort();
      await manifests.update(id, (manifest) => {
        if (!manifest?.wanted.some((one) => one.state === 'downloading')) return null;
        const paused = (state: InstallManifest['wanted'][number]['state']) =>
          state === 'downloading' ? ('paused' as const) : state;
        const wanted = manifest.wanted.map((one) => ({ ...one, state: paused(one.state) }));
        return { ...manifest, wanted };
      });
      await downloads.notifyChanged(id);
      // once the lock is free, the tab that held it has seen the change
      await downloads.withLock(id, async () => undefined);
      await downloads.refresh(id);
    },
    async remove(id) {
      requireWriting();
      preparing.get(id)?.abort();
      await manifests.update(id, (manifest) => manifest && { ...manifest, removing: true });
      await downloads.notifyChanged(id);
      await downloads.withLock(id, () => removeModelFolder(id));
      await downloads.notifyChanged(id);
    },
    async addRepository(name) {
      requireWriting();
      await begin();
      const { askHub: ask } = dependencies;
      return addRepository(name, { state, manifests, downloads, hub, ask, patience });
    },
    async addFolder(files) {
      requireWriting();
      await begin();
      const { freeBytes, openTransfers } = dependencies;
      return addFolder(files, { state, manifests, downloads, freeBytes, openTransfers });
    },
  };
}

/**
 * Whether files of the manifest's revision are installed or being downloaded, so that others must match
 * them; a failed download is started again.
 */
function hasBegun(manifest: InstallManifest, backend: Backend): boolean {
  if (manifest.removing) return false;
  const isGoingOn = manifest.wanted.some(
    (one) => one.files.length > 0 && !(one.backend === backend && one.state === 'failed'),
  );
  return isGoingOn || installedBackends(manifest).length > 0;
}

/** The fields of a model's entry that say which files it has and where they are. */
function filesOf({ revision, backends, isOnServer = false }: PublishedModel) {
  return { revision, backends, isOnServer };
}
