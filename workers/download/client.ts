import { noteRequest } from '@/lib/client/http/request-ledger';
import type { FileTransfers } from '@/lib/client/model-library/downloads/run-download';
import type { AskHub } from '@/lib/client/model-library/hub/hub-fetch';
import { createClient, type WorkerLike } from '@/lib/engine/rpc';
import type { DownloadApi } from './protocol';

/** The longest time a timer takes: large files take hours, and the worker itself sees a stall. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** The worker with an address and a policy of its own: no other script may reach the hub. */
const startWorker = () => new Worker('/hub/download.js', { type: 'module', name: 'download' });

/** Asks hubs from a worker, which ends when nothing more is asked. */
export function createAskHub(spawn: () => WorkerLike = startWorker): AskHub {
  const client = createClient<DownloadApi>(spawn, {
    name: 'download',
    callTimeoutMs: NO_TIMEOUT_MS,
  });
  return async (url, { method = 'GET', patience, signal }) => {
    const end = noteRequest({ url, method, reason: 'model-question' });
    try {
      return await client.call('askHub', { url, method, patience }, { signal });
    } finally {
      end();
      client.release();
    }
  };
}

/**
 * Transfers of files into OPFS by a worker of their own, which starts with the first call.
 * @param spawn makes the worker; tests give one that they can break
 */
export function createFileTransfers(spawn: () => WorkerLike = startWorker): FileTransfers {
  const client = createClient<DownloadApi>(spawn, {
    name: 'download',
    callTimeoutMs: NO_TIMEOUT_MS,
  });
  return {
    async fetchFile(file, { modelId, name, signal, onProgress }) {
      const end = noteRequest({ url: file.url, method: 'GET', reason: 'model-download' });
      let arrivedBytes = 0;
      try {
        return await client.call(
          'fetchFile',
          { modelId, name, ...file },
          {
            signal,
            onProgress: ({ doneBytes, receivedBytes }) => {
              arrivedBytes = receivedBytes;
              onProgress(doneBytes, receivedBytes);
            },
          },
        );
      } finally {
        end({ receivedBytes: arrivedBytes });
      }
    },
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
