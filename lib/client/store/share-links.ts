import { announce } from './changes';
import { storing } from './db';
import type { ShareLinkRecord } from './schema';

/** Every link that was made on this device. */
export function listShareLinks(): Promise<ShareLinkRecord[]> {
  return storing((db) => db.getAll('shareLinks'));
}

/** Stores a link, so that it can be copied again. */
export async function putShareLink(record: ShareLinkRecord): Promise<void> {
  await storing((db) => db.put('shareLinks', record));
  announce('share-links', record.transcriptId);
}

/** Removes a link, if it exists. */
export async function removeShareLink(id: string, transcriptId: string): Promise<void> {
  await storing((db) => db.delete('shareLinks', id));
  announce('share-links', transcriptId);
}
