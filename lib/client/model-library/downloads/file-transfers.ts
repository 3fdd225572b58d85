import type { Patience } from '../hub/hub-fetch';
import type { TransferredFile, WantedFile } from './transfer';

/** Where a file is stored, and who receives its progress. */
export interface TransferCall {
  modelId: string;
  /** As `storedName` gives it. */
  name: string;
  signal: AbortSignal;
  /** At most ten times a second. */
  onProgress(doneBytes: number, receivedBytes: number): void;
}

/**
 * Writes files of models into OPFS one after another. One is created per model, so that models do not wait
 * for each other.
 */
export interface FileTransfers {
  /** Downloads a file, resuming after what is there. Errors: see `transferFile`; STORE_FAILED, WORKER_CRASHED. */
  fetchFile(
    file: WantedFile & { fresh: boolean; patience: Patience },
    call: TransferCall,
  ): Promise<TransferredFile>;
  /** Errors: see `copyFile`; STORE_FAILED, WORKER_CRASHED. */
  copyFile(file: File, call: TransferCall): Promise<TransferredFile>;
  /** Ends it; what waits rejects with ABORTED. */
  dispose(): void;
}
