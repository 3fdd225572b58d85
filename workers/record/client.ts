import type { RecordingFiles } from '@/lib/client/recording/ports';
import type { TranscriptLibraryId } from '@/lib/client/store/library';
import { toAppError } from '@/lib/core';
import { createClient, type WorkerLike } from '@/lib/engine/rpc';
import { filesOf, recordingsFolder, trackFile } from './folder';
import type { RecordApi } from './protocol';

/** A library's recordings in OPFS, written by a worker of their own, which starts with the first of them. */
export function createRecordingFiles(
  library: TranscriptLibraryId,
  spawn: () => WorkerLike = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
): RecordingFiles & { dispose(): void } {
  const client = createClient<RecordApi>(spawn, { name: 'record' });
  return {
    async begin(id, track) {
      const name = trackFile(id, track);
      await client.call('begin', { name, library });
      let closing: Promise<unknown> | null = null;
      return {
        append: async (bytes) => {
          await client.call('append', { name, bytes }, { transfer: [bytes] });
        },
        close: async () => {
          closing ??= client.call('close', { name });
          await closing;
        },
      };
    },
    finish: (id) => client.call('finish', { id, library }),
    async remove(id) {
      try {
        const folder = await recordingsFolder(library);
        for (const name of filesOf(id))
          await folder.removeEntry(name).catch((error: unknown) => {
            if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
          });
      } catch (error) {
        throw toAppError(error, 'STORE_FAILED');
      }
    },
    async list() {
      // nothing was ever recorded where there is no place for it
      if (!navigator.storage?.getDirectory) return [];
      const ids = new Set<string>();
      // ids have no dot in them
      for await (const name of (await recordingsFolder(library)).keys())
        ids.add(name.split('.')[0] ?? name);
      return [...ids];
    },
    dispose: () => client.dispose(),
  };
}
