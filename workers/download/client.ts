import type { FileTransfers } from '@/lib/client/model-library/downloads/file-transfers';
import { createClient, type WorkerLike } from '@/lib/engine/rpc';
import type { DownloadApi } from './protocol';

/** The longest time a timer takes: large files take hours, and the worker itself sees a stall. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Transfers of files into OPFS by a worker of their own, which starts with the first call.
 * @param spawn makes the worker; tests give one that they can break
 */
export function createFileTransfers(
  spawn: () => WorkerLike = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
): FileTransfers {
  const client = createClient<DownloadApi>(spawn, {
    name: 'download',
    callTimeoutMs: NO_TIMEOUT_MS,
  });
  return {
    fetchFile: (file, { modelId, name, signal, onProgress }) =>
      client.call(
        'fetchFile',
        { modelId, name, ...file },
        {
          signal,
          onProgress: ({ doneBytes, receivedBytes }) => onProgress(doneBytes, receivedBytes),
        },
      ),
    copyFile: (file, { modelId, name, signal, onProgress }) =>
      client.call(
        'copyFile',
        { modelId, name, file },
        {
          signal,
          onProgress: ({ doneBytes, receivedBytes }) => onProgress(doneBytes, receivedBytes),
        },
      ),
    dispose: () => client.dispose(),
  };
}
