import type { IDBPDatabase } from 'idb';
import type { Schema } from './schema';

/** Brings a database of any older version to the present one, step by step. */
export function migrate(db: IDBPDatabase<Schema>, oldVersion: number): void {
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
}
