import type { PublishedModel } from '@/lib/catalogue';
import type { ErrorCode } from '@/lib/core';
import type { Backend } from '@/lib/engine';

/** Bytes of the files of one backend's variant, together. */
export interface TransferProgress {
  doneBytes: number;
  totalBytes: number;
}

/** One backend's files on their way to this device. */
export type ModelTransfer =
  /** `secondsLeft` is `null` until there is something to go by. */
  | ({ state: 'downloading'; backend: Backend; secondsLeft: number | null } & TransferProgress)
  | ({ state: 'paused'; backend: Backend } & TransferProgress)
  | ({
      state: 'failed';
      backend: Backend;
      error: { code: ErrorCode; message: string };
    } & TransferProgress);

/** Where one model stands on this device, in any tab. */
export type ModelState =
  | { state: 'absent' }
  | ModelTransfer
  /**
   * Complete and checked for these backends. A second one may be on its way: `transfer` tells how
   * far it is.
   */
  | {
      state: 'installed';
      backends: readonly Backend[];
      bytes: number;
      transfer?: ModelTransfer;
    };

/** A model as the page shows it. */
export interface ListedModel {
  model: PublishedModel;
  state: ModelState;
  /** The user added it by a repository's name or a folder: it leaves the list when it is deleted. */
  added: boolean;
  /**
   * The app's own server has it; `default`: it is what whoever runs the server wants browsers to use
   * that have not chosen any. Missing: it comes from elsewhere.
   */
  shelf?: 'listed' | 'default';
}

/**
 * The models that are not part of the app: what there is, and what is on this device. The same in
 * every tab: files lie in OPFS, one tab at a time downloads a model, all see its progress.
 */
export interface ModelLibrary {
  /** A snapshot; the same object until something changes. `null` while it is first read. */
  get(): readonly ListedModel[] | null;
  /** @returns unsubscribe */
  subscribe(listener: () => void): () => void;
  /**
   * Begins or goes on with a download; it goes on after a reload too, until it is done, paused or
   * deleted. Rejects with STORE_QUOTA (`details`: neededBytes, freeBytes) before anything is
   * fetched when there is no room; later failures are in the model's state.
   */
  download(id: string, backend: Backend): Promise<void>;
  /** Stops and keeps what has come. */
  pause(id: string): Promise<void>;
  /** Frees the bytes, of a half download too. */
  remove(id: string): Promise<void>;
  /**
   * Adds a model by its repository's name on the hub (`owner/name`, or the page's address).
   * @throws BAD_REQUEST (no such name; details.reason), NOT_FOUND, MODEL_UNSUPPORTED (no family of
   * ours has these files), OFFLINE, MODEL_DOWNLOAD_FAILED
   */
  addRepository(name: string): Promise<PublishedModel>;
  /**
   * Adds a model from files of the user's own disk: copied into OPFS, used at once.
   * @throws MODEL_UNSUPPORTED, STORE_QUOTA, SOURCE_UNREADABLE
   */
  addFolder(files: readonly File[]): Promise<PublishedModel>;
}
