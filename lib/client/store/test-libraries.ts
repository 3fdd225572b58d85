import { deleteDB, openDB } from 'idb';
import { vi } from 'vitest';
import { closeDatabase } from './db';
import { libraryName } from './library';

export const ALICE = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';
export const BOB = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

/** What a transcript is in a database, by store. */
export interface OldTranscript {
  id: string;
  title: string;
  /** `partial`: its job waits in the queue. */
  state?: 'complete' | 'partial';
  media?: 'kept' | 'none' | 'copying' | 'recording';
}

/** How a device stood with an account's list. */
interface OldSync {
  owner: string | null;
  signedIn: boolean;
  revision: number;
  shows: Record<string, boolean>;
}

/**
 * The one database of builds before accounts had libraries of their own, written as they wrote it: not
 * by today's code.
 */
export async function putOldDatabase(
  transcripts: OldTranscript[],
  { sync, settings = {} }: { sync?: OldSync; settings?: Record<string, unknown> } = {},
): Promise<void> {
  const db = await openDB('ai2text', 2, {
    upgrade(made) {
      made.createObjectStore('transcripts', { keyPath: 'id' });
      made.createObjectStore('segments', { keyPath: ['transcriptId', 'index'] });
      made.createObjectStore('words', { keyPath: ['transcriptId', 'index'] });
      made.createObjectStore('jobs', { keyPath: 'id' });
      made.createObjectStore('peaks', { keyPath: ['transcriptId', 'firstPeak'] });
      made.createObjectStore('settings', { keyPath: 'name' });
      made.createObjectStore('outbox', { keyPath: 'transcriptId' });
      made.createObjectStore('elsewhere', { keyPath: 'id' });
      made.createObjectStore('shareLinks', { keyPath: 'id' });
    },
  });
  const createdAt = '2026-11-01T10:00:00.000Z';
  let order = 0;
  for (const { id, title, state = 'complete', media = 'none' } of transcripts) {
    order += 1;
    const isDone = state === 'complete';
    const intent = media === 'recording' ? 'recording' : isDone ? 'done' : 'queued';
    await db.put('transcripts', {
      id,
      title,
      language: 'en',
      createdAt,
      updatedAt: createdAt,
      durationMs: 1000,
      source: { name: `${title}.wav`, mediaType: 'audio/wav', sizeBytes: 3, sha256: null },
      model: isDone ? { id: 'ai2text-en', backend: 'wasm', precision: 'int8' } : null,
      state,
      wordCount: 1,
      media,
      hasVideo: false,
      notices: [],
      deletedAt: null,
    });
    await db.put('jobs', {
      id,
      fileName: `${title}.wav`,
      sizeBytes: 3,
      addedAt: createdAt,
      order,
      intent,
      error: null,
      checkpoint: null,
      nextIndex: 1,
      batches: 1,
      decoder: 'webcodecs',
      doneMs: 900,
      durationMs: 1000,
      stats: {},
      deletedAt: null,
    });
    const key = { transcriptId: id, index: 0 };
    const segment = { id: `${id}-0`, startMs: 0, endMs: 900, speakerId: null, edited: false };
    await db.put('segments', { ...key, ...segment, text: title, wordCount: 1 });
    await db.put('words', {
      ...key,
      words: [{ text: title, startMs: 0, endMs: 900, confidence: 1 }],
    });
    await db.put('peaks', { transcriptId: id, firstPeak: 0, peaks: new Uint8Array([1, 2]) });
    await db.put('shareLinks', {
      id: `link-${id}`,
      transcriptId: id,
      secret: 's',
      hasPassword: false,
    });
  }
  if (sync) await db.put('settings', { name: 'sync', value: sync });
  for (const [name, value] of Object.entries(settings)) await db.put('settings', { name, value });
  db.close();
}

/** Everything in a library's database, by store; settings by name. */
export async function contentsOf(library: string | null): Promise<Record<string, unknown[]>> {
  const db = await openDB(libraryName(library));
  try {
    const stores = [...db.objectStoreNames];
    const rows = await Promise.all(stores.map((name) => db.getAll(name)));
    return Object.fromEntries(stores.map((name, at) => [name, rows[at] ?? []]));
  } finally {
    db.close();
  }
}

/** Leaves no library. */
export async function removeAllLibraries(): Promise<void> {
  await closeDatabase();
  for (const library of [null, ALICE, BOB]) await deleteDB(libraryName(library));
}

/** A `localStorage` that is empty; its items are the properties of what is returned. */
export function stubLocalStorage(): Record<string, string> {
  const kept: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
    removeItem: (key: string) => {
      delete kept[key];
    },
  };
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(kept, name, { value, enumerable: false });
  vi.stubGlobal('localStorage', kept);
  return kept;
}
