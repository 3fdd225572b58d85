import type { Patience } from '../hub/hub-fetch';
import type { TransferredFile, WantedFile } from './transfer';

/** Where a file goes, and who is told how far it has come. */
export interface TransferCall {
  modelId: string;
  /** As `storedName` gives it. */
  name: string;
  signal: AbortSignal;
  /** At most ten times a second. */
  onProgress(doneBytes: number, receivedBytes: number): void;
}

/**
 * Writes files of models into OPFS, one after the other. One is made for each model that comes:
 * models do not wait for each other.
 */
export interface FileTransfers {
  /** Goes on behind what is there. Errors: see `transferFile`; STORE_FAILED, WORKER_CRASHED. */
  fetchFile(
    file: WantedFile & { fresh: boolean; patience: Patience },
    call: TransferCall,
  ): Promise<TransferredFile>;
  /** Errors: see `copyFile`; STORE_FAILED, WORKER_CRASHED. */
  copyFile(file: File, call: TransferCall): Promise<TransferredFile>;
  /** Ends it; what waits rejects with ABORTED. */
  dispose(): void;
}
