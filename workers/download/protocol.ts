import type { TransferredFile, WantedFile } from '@/lib/client/model-library/downloads/transfer';
import type { HubAnswer, Patience } from '@/lib/client/model-library/hub/hub-fetch';

/** Where a file of a model is stored. */
interface Place {
  modelId: string;
  /** As `storedName` gives it. */
  name: string;
}

/** How far one file has come. */
interface FileProgress {
  /** Bytes of the file on disk. */
  doneBytes: number;
  /** Of these, bytes that came in this call. */
  receivedBytes: number;
}

/** Calls of the download worker, which writes files of models into OPFS. */
export interface DownloadApi {
  /** Downloads a file, resuming after what is there; `fresh`: what is there belongs to another file. */
  fetchFile: {
    params: Place & WantedFile & { fresh: boolean; patience: Patience };
    result: TransferredFile;
    progress: FileProgress;
  };
  /** Asks the hub once, for what fits into memory. */
  askHub: {
    params: { url: string; method: 'GET' | 'HEAD'; patience: Patience };
    result: HubAnswer;
  };
  /** Copies a file of the user's disk. */
  copyFile: {
    params: Place & { file: File };
    result: TransferredFile;
    progress: FileProgress;
  };
}
