import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { shareableLanguage } from '@/lib/transcript';
import { enqueueForServer } from './enqueue';
import type { Schema } from './schema';
import { fieldTimesAfter, isShareable } from './summaries';

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** Brings a database of any older version to the present one, step by step. */
export async function migrate(
  db: IDBPDatabase<Schema>,
  oldVersion: number,
  tx: Upgrade,
): Promise<void> {
  if (oldVersion < 1) {
    db.createObjectStore('transcripts', { keyPath: 'id' });
    db.createObjectStore('segments', { keyPath: ['transcriptId', 'index'] });
    db.createObjectStore('words', { keyPath: ['transcriptId', 'index'] });
    db.createObjectStore('jobs', { keyPath: 'id' });
    db.createObjectStore('peaks', { keyPath: ['transcriptId', 'firstPeak'] });
    db.createObjectStore('settings', { keyPath: 'name' });
  }
  if (oldVersion < 2) {
    db.createObjectStore('outbox', { keyPath: 'transcriptId' });
    db.createObjectStore('elsewhere', { keyPath: 'id' });
    db.createObjectStore('shareLinks', { keyPath: 'id' });
  }
  if (oldVersion < 3) {
    db.createObjectStore('edits', { keyPath: ['transcriptId', 'seq'] });
    db.createObjectStore('recognised', { keyPath: ['transcriptId', 'index'] });
  }
  if (oldVersion < 4) {
    db.createObjectStore('contributions', { keyPath: 'id' });
    db.createObjectStore('watchedFolders', { keyPath: 'id' });
    db.createObjectStore('watchedFiles', { keyPath: 'fingerprint' });
  }
  if (oldVersion < 5) await correctLanguages(tx);
}

/**
 * An earlier build stored the languages that were declared as spoken (`en,de`) as the language of some texts. It is not
 * known; the server refused these transcripts, and is sent them again.
 */
async function correctLanguages(tx: Upgrade): Promise<void> {
  for await (const cursor of tx.objectStore('transcripts')) {
    const record = cursor.value;
    const language = shareableLanguage(record.language);
    if (language === record.language) continue;
    const fieldTimes = fieldTimesAfter(record, { language });
    const { secondPass } = record;
    const found = secondPass?.language === record.language ? null : secondPass?.language;
    await cursor.update({
      ...record,
      language,
      fieldTimes,
      ...(secondPass && found !== undefined && { secondPass: { ...secondPass, language: found } }),
    });
    if (isShareable(record)) await enqueueForServer(tx, record.id, null);
  }
}
