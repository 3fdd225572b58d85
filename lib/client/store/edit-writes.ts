import type { IDBPTransaction, StoreNames } from 'idb';
import type { EditPatch, Row } from '@/lib/transcript';
import type { Schema, TranscriptRecord } from './schema';

/** The stores that an edit may change. */
export const EDIT_STORES = [
  'transcripts',
  'segments',
  'words',
  'edits',
  'recognised',
  'outbox',
  'settings',
] as const satisfies StoreNames<Schema>[];

export type EditTransaction = IDBPTransaction<Schema, (typeof EDIT_STORES)[number][], 'readwrite'>;

/** Rows per batch of requests. */
const PORTION = 100;

/**
 * Makes a database request for each of many rows. Making requests takes main-thread time, so those of a whole book
 * are made in portions, between which the page stays responsive.
 */
async function inPortions<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < items.length; at += PORTION)
    answers.push(...(await Promise.all(items.slice(at, at + PORTION).map(ask))));
  return answers;
}

/**
 * Runs work step by step within a transaction. A dummy request between steps keeps the transaction open and lets the
 * page stay responsive.
 */
export async function inSteps<T>(tx: EditTransaction, steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await tx.objectStore('settings').count();
  }
}

/** Stores rows as they were recognised, before the first edit changes them. */
export async function keepRecognised(
  tx: EditTransaction,
  id: string,
  rows: readonly Row[],
): Promise<void> {
  const store = tx.objectStore('recognised');
  // rows with fractional indexes were made by edits
  const recognised = rows.filter(({ index }) => Number.isInteger(index));
  const keys = await inPortions(recognised, ({ index }) => store.getKey([id, index]));
  const unknown = recognised.filter((_, at) => keys[at] === undefined);
  await inPortions(unknown, (row) => store.put({ ...row, transcriptId: id }));
}

/** Writes what a patch does. @returns the record as it is to be stored */
export async function writePatch(
  tx: EditTransaction,
  record: TranscriptRecord,
  patch: EditPatch,
): Promise<TranscriptRecord> {
  const { id } = record;
  const [rows, words] = [tx.objectStore('segments'), tx.objectStore('words')];
  let { wordCount } = record;
  for (const { words: removed } of patch.removed) wordCount -= removed.length;
  for (const { words: added } of patch.added) wordCount += added.length;
  await inPortions(patch.removed, ({ index }) =>
    Promise.all([rows.delete([id, index]), words.delete([id, index])]),
  );
  await inPortions(patch.added, ({ words: added, ...row }) => {
    const key = { transcriptId: id, index: row.index };
    return Promise.all([
      rows.put({ ...row, ...key, wordCount: added.length }),
      words.put({ ...key, words: added }),
    ]);
  });
  await inPortions(patch.relabelled, async ({ index, after }) => {
    const row = await rows.get([id, index]);
    if (row) await rows.put({ ...row, speakerId: after });
  });
  return {
    ...record,
    wordCount,
    ...(patch.speakers ? { speakers: patch.speakers.after } : {}),
  };
}
