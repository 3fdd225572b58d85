import { AppError, freeBuffer, toAppError } from '@/lib/core';
import { serve } from '@/lib/engine/rpc';
import { finishRecording } from './finish';
import { findFile, memoryFolder, recordingsFolder } from './folder';
import type { RecordApi } from './protocol';

/** Files that are being written, by name. */
const open = new Map<string, FileSystemSyncAccessHandle>();

async function storing<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

serve<RecordApi>(self, {
  begin: ({ name, library }) =>
    storing(async () => {
      const folder = await recordingsFolder(library);
      if (await findFile(folder, name))
        throw new AppError('STORE_FAILED', `Recording ${name} exists.`);
      const handle = await folder.getFileHandle(name, { create: true });
      open.set(name, await handle.createSyncAccessHandle());
      return null;
    }),
  append: ({ name, bytes }) =>
    storing(async () => {
      const file = open.get(name);
      // opened in a worker that has crashed since
      if (!file)
        throw new AppError('WORKER_CRASHED', `Recording ${name} is not open.`, { fatal: true });
      const at = file.getSize();
      const written = file.write(bytes, { at });
      if (written !== bytes.byteLength) {
        // half a piece would be taken for damage
        file.truncate(at);
        throw new AppError('STORE_QUOTA', `The disk took ${written} of ${bytes.byteLength} bytes.`);
      }
      file.flush();
      freeBuffer(bytes);
      return null;
    }),
  async close({ name }) {
    open.get(name)?.close();
    open.delete(name);
    return null;
  },
  finish: ({ id, library }) =>
    storing(async () => finishRecording(await recordingsFolder(library), id)),
  finishFiles: ({ id, files }) => storing(() => finishRecording(memoryFolder(files), id)),
});
