import type { StoreApi } from 'zustand/vanilla';
import type { PublishedModel } from '@/lib/catalogue';
import type { ErrorCode } from '@/lib/core';
import type { Backend } from '@/lib/engine';

/** Bytes of all files of one backend's variant. */
export interface TransferProgress {
  doneBytes: number;
  totalBytes: number;
}

/** A transfer of one backend's files to this device. */
export type ModelTransfer =
  /** `secondsLeft` is `null` until it can be estimated. */
  | ({ state: 'downloading'; backend: Backend; secondsLeft: number | null } & TransferProgress)
  | ({ state: 'paused'; backend: Backend } & TransferProgress)
  | ({
      state: 'failed';
      backend: Backend;
      error: { code: ErrorCode; message: string };
    } & TransferProgress);

/** The state of one model on this device, in any tab. */
export type ModelState =
  | { state: 'absent' }
  | ModelTransfer
  /**
   * Complete and verified for these backends. `transfer` is the progress of another backend's files.
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
  /** The user added it by repository name or folder: it disappears from the list when deleted. */
  added: boolean;
  /**
   * The app's own server has it; `default`: the operator wants browsers to use it unless the user chooses
   * another. Missing: it comes from elsewhere.
   */
  shelf?: 'listed' | 'default';
}

/** All models as pages see them. */
export interface ModelList {
  /** The same object until something changes; `null` until it has been read. */
  models: readonly ListedModel[] | null;
}

/**
 * The models that are not part of the app: those on offer, and those on this device. The same in every tab:
 * files are in OPFS, one tab at a time downloads a model, and all see its progress.
 */
export interface ModelLibrary {
  readonly state: StoreApi<ModelList>;
  /**
   * Starts or resumes a download, which also resumes after a reload until it is done, paused or deleted.
   * Later failures are in the model's state.
   * @throws STORE_QUOTA (`details`: neededBytes, freeBytes) before anything is downloaded
   */
  download(id: string, backend: Backend): Promise<void>;
  /** Pauses a download and keeps what was received. */
  pause(id: string): Promise<void>;
  /** Deletes its files, partial downloads included. */
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
