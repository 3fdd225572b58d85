import { AppError, freeBuffer, toAppError } from '@/lib/core';
import { serve } from '@/lib/engine/rpc';
import { finishRecording } from './finish';
import { findFile, recordingsFolder } from './folder';
import type { RecordApi } from './protocol';

/** Files that are being written, by id. */
const open = new Map<string, FileSystemSyncAccessHandle>();

async function storing<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

serve<RecordApi>(self, {
  begin: ({ id, library }) =>
    storing(async () => {
      const folder = await recordingsFolder(library);
      if (await findFile(folder, id)) throw new AppError('STORE_FAILED', `Recording ${id} exists.`);
      const handle = await folder.getFileHandle(id, { create: true });
      open.set(id, await handle.createSyncAccessHandle());
      return null;
    }),
  append: ({ id, bytes }) =>
    storing(async () => {
      const file = open.get(id);
      // opened in a worker that has crashed since
      if (!file)
        throw new AppError('WORKER_CRASHED', `Recording ${id} is not open.`, { fatal: true });
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
  async close({ id }) {
    open.get(id)?.close();
    open.delete(id);
    return null;
  },
  finish: ({ id, library }) =>
    storing(async () => finishRecording(await recordingsFolder(library), id)),
});
