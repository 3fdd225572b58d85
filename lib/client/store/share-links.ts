import { announce } from './changes';
import { storing } from './db';
import type { ShareLinkRecord, UnsentLive } from './schema';

/** Every link that was made on this device. */
export function listShareLinks(): Promise<ShareLinkRecord[]> {
  return storing((db) => db.getAll('shareLinks'));
}

/** Stores a link, so that it can be copied again. */
export async function putShareLink(record: ShareLinkRecord): Promise<void> {
  await storing((db) => db.put('shareLinks', record));
  announce('share-links', record.transcriptId);
}

/** Keeps what has not reached a link, or (`null`) that all has; does nothing where there is no such link. */
export async function keepUnsentLive(id: string, unsent: UnsentLive | null): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction('shareLinks', 'readwrite');
    const record = await tx.store.get(id);
    if (record) {
      const { unsent: _, ...rest } = record;
      await tx.store.put(unsent === null ? rest : { ...rest, unsent });
    }
    await tx.done;
  });
}

/** Removes a link, if it exists. */
export async function removeShareLink(id: string, transcriptId: string): Promise<void> {
  await storing((db) => db.delete('shareLinks', id));
  announce('share-links', transcriptId);
}
