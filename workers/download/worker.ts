import { makeModelFolder } from '@/lib/client/model-library/downloads/model-storage';
import {
  copyFile,
  type TransferredFile,
  transferFile,
} from '@/lib/client/model-library/downloads/transfer';
import { askHub } from '@/lib/client/model-library/hub/hub-fetch';
import { toAppError } from '@/lib/core';
import { serve } from '@/lib/engine/rpc';
import type { DownloadApi } from './protocol';

/** Runs with the file open for this worker alone; the file is closed whatever happens. */
async function withFile(
  modelId: string,
  name: string,
  work: (file: FileSystemSyncAccessHandle) => Promise<TransferredFile>,
): Promise<TransferredFile> {
  try {
    const folder = await makeModelFolder(modelId);
    const handle = await folder.getFileHandle(name, { create: true });
    const file = await handle.createSyncAccessHandle();
    try {
      return await work(file);
    } finally {
      file.close();
    }
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

serve<DownloadApi>(self, {
  fetchFile: ({ modelId, name, fresh, patience, ...wanted }, { signal, progress }) =>
    withFile(modelId, name, (file) => {
      if (fresh) file.truncate(0);
      return transferFile(wanted, file, {
        patience,
        signal,
        onProgress: (doneBytes, receivedBytes) => progress({ doneBytes, receivedBytes }),
      });
    }),
  askHub: ({ url, ...options }, { signal }) => askHub(url, { ...options, signal }),
  copyFile: ({ modelId, name, file: source }, { signal, progress }) =>
    withFile(modelId, name, (file) =>
      copyFile(source, file, {
        signal,
        onProgress: (doneBytes, receivedBytes) => progress({ doneBytes, receivedBytes }),
      }),
    ),
});
