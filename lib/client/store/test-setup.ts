import { IDBFactory } from 'fake-indexeddb';
import { beforeAll } from 'vitest';
import { closeDatabase } from './db';

// The files of a worker share one page and its modules: each begins in a browser that has stored nothing, whatever
// the file before it left there or still had open.
beforeAll(async () => {
  if (!('indexedDB' in globalThis)) return;
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
});
