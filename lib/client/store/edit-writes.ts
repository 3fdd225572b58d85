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

/** Rows of one portion. */
const PORTION = 100;

/**
 * Asks the database for something for each of many rows. Requests take the page's time when they are made, so that those of
 * a whole book are made in portions; between two of them the page answers to its user.
 */
async function inPortions<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < items.length; at += PORTION)
    answers.push(...(await Promise.all(items.slice(at, at + PORTION).map(ask))));
  return answers;
}

/**
 * Does work in its steps within a transaction, which ends as soon as nothing is asked of it: something is, between two steps,
 * and meanwhile the page answers to its user.
 */
export async function inSteps<T>(tx: EditTransaction, steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await tx.objectStore('settings').count();
  }
}

/** Keeps rows as they were recognised before the first edit changes them. */
export async function keepRecognised(
  tx: EditTransaction,
  id: string,
  rows: readonly Row[],
): Promise<void> {
  const store = tx.objectStore('recognised');
  // others were made by edits
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
