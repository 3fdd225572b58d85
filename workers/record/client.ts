import type { RecordingFiles } from '@/lib/client/recording/ports';
import type { TranscriptLibraryId } from '@/lib/client/store/library';
import { isPrivateLibrary } from '@/lib/client/store/library-files';
import { toAppError } from '@/lib/core';
import { type Client, createClient, type WorkerLike } from '@/lib/engine/rpc';
import { filesOf, recordingsFolder, trackFile } from './folder';
import type { RecordApi } from './protocol';

/**
 * A library's recordings in OPFS, written by a worker of their own, which starts with the first of them; those of a
 * private session in memory.
 */
export function createRecordingFiles(
  library: TranscriptLibraryId,
  spawn: () => WorkerLike = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
): RecordingFiles & { dispose(): void } {
  const client = createClient<RecordApi>(spawn, { name: 'record' });
  const dispose = () => client.dispose();
  if (isPrivateLibrary(library)) return { ...filesInMemory(client), dispose };
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
      const names: string[] = [];
      for await (const name of (await recordingsFolder(library)).keys()) names.push(name);
      return idsOf(names);
    },
    dispose,
  };
}

/** Recordings that are lost with the page. */
function filesInMemory(client: Pick<Client<RecordApi>, 'call'>): RecordingFiles {
  const pieces = new Map<string, Blob[]>();
  return {
    async begin(id, track) {
      const own: Blob[] = [];
      pieces.set(trackFile(id, track), own);
      return {
        append: async (bytes) => void own.push(new Blob([bytes])),
        close: async () => undefined,
      };
    },
    finish: (id) => {
      const names = filesOf(id).filter((name) => pieces.has(name));
      const files = names.map((name) => new File(pieces.get(name) ?? [], name));
      return client.call('finishFiles', { id, files });
    },
    async remove(id) {
      for (const name of filesOf(id)) pieces.delete(name);
    },
    list: async () => idsOf(pieces.keys()),
  };
}

/** Ids have no dot in them. */
const idsOf = (names: Iterable<string>) => [
  ...new Set(Array.from(names, (name) => name.split('.')[0] ?? name)),
];
