import { AppError } from '@/lib/core';
import {
  applyEditInSteps,
  type Edit,
  type EditPatch,
  hasEffect,
  inverted,
  NO_EFFECT,
  needsAllRows,
  needsWords,
  type Row,
  type RowRef,
  rowsNamedBy,
  type Word,
} from '@/lib/transcript';
import { announce, announceEdit } from './changes';
import { storing } from './db';
import {
  EDIT_STORES,
  type EditTransaction,
  inSteps,
  keepRecognised,
  writePatch,
} from './edit-writes';
import { enqueueForServer } from './enqueue';
import { relocated } from './rebase';
import type { EditRecord, SegmentRecord, TranscriptRecord } from './schema';
import { fieldTimesAfter, isShareable } from './summaries';
import { keysOf } from './transcripts';

/** How an edit is stored. */
export interface EditOptions {
  /** The account that is signed in. */
  by: string | null;
  /** Consecutive edits of the same burst of typing are stored as one. */
  burst?: string;
  /** What the page shows already; `null`: it waits for the result. */
  shown: EditPatch | null;
  /** A step is not stored again if one with this token was. */
  token?: string;
}

/** What was stored. */
export interface StoredEdit {
  /** What it did; `null`: nothing. */
  patch: EditPatch | null;
  edits: NonNullable<TranscriptRecord['edits']>;
}

const NO_EDITS: StoredEdit['edits'] = { done: 0, total: 0 };

/** How many tokens are remembered: more than the steps a page may have stored without learning of it. */
const RECENT_TOKENS = 20;

/**
 * Applies an edit to the rows as they are now, whatever the page showed, and appends it to the list of edits,
 * in one transaction. Undone edits can then no longer be redone.
 * @throws NOT_FOUND; BAD_REQUEST when the words do not fit into their time; STORE_QUOTA, STORE_FAILED
 */
export async function storeEdit(
  id: string,
  edit: Edit,
  { by, burst, shown, token }: EditOptions,
): Promise<StoredEdit> {
  const stored = await inTransaction(id, token, async (tx, record) => {
    const edits = record.edits ?? NO_EDITS;
    const patch = await patchOf(tx, record, edit);
    if (!hasEffect(patch)) return { record, patch: null };
    await keepRecognised(tx, id, patch.removed);
    const next = await writePatch(tx, record, patch);
    const last =
      burst === undefined ? undefined : await tx.objectStore('edits').get([id, edits.done]);
    const log = tx.objectStore('edits');
    if (edits.total > edits.done)
      await log.delete(IDBKeyRange.bound([id, edits.done + 1], [id, edits.total]));
    if (last && last.burst === burst && edits.total === edits.done && continues(last, patch)) {
      await log.put({ ...last, at: Date.now(), patch: { ...patch, removed: last.patch.removed } });
      return { record: next, patch };
    }
    const seq = edits.done + 1;
    await log.put({
      transcriptId: id,
      seq,
      at: Date.now(),
      by,
      kind: edit.kind,
      patch,
      ...(burst === undefined ? {} : { burst }),
    });
    return { record: { ...next, edits: { ...edits, done: seq, total: seq } }, patch };
  });
  return report(id, stored, shown);
}

/** How many of the latest edits are searched for the row whose words were timed. */
const TIMED_EDITS = 20;

/**
 * Updates the times of an edited row's words, as part of the edit that wrote them. Does nothing if the row's text
 * has changed since.
 */
export async function storeTimes(id: string, row: RowRef, words: readonly Word[]): Promise<void> {
  const { patch } = await inTransaction(id, undefined, async (tx, record) => {
    const nothing = { record, patch: null };
    const [now] = await readRows(tx, IDBKeyRange.only([id, row.index]), true);
    const isSame = (one: Row) =>
      one.id === row.id &&
      one.words.length === words.length &&
      one.words.every(({ text }, at) => text === words[at]?.text);
    if (!now || !isSame(now)) return nothing;
    const log = tx.objectStore('edits');
    const done = record.edits?.done ?? 0;
    for (let seq = done; seq > Math.max(0, done - TIMED_EDITS); seq--) {
      const entry = await log.get([id, seq]);
      if (!entry?.patch.added.some(isSame)) continue;
      const timed = { ...now, words: [...words] };
      const added = entry.patch.added.map((one) => (isSame(one) ? timed : one));
      await log.put({ ...entry, patch: { ...entry.patch, added } });
      const change = { removed: [now], added: [timed], relabelled: [], speakers: null };
      return { record: await writePatch(tx, record, change), patch: change };
    }
    return nothing;
  });
  if (patch) announceEdit(id, patch, false);
}

/** Takes back the last edit that is not undone. Does nothing if there is none. */
export function undoEdit(id: string, token?: string): Promise<StoredEdit> {
  return step(id, -1, token);
}

/** Applies the first edit that is undone again. Does nothing if there is none. */
export function redoEdit(id: string, token?: string): Promise<StoredEdit> {
  return step(id, 1, token);
}

/** Every edit that is not undone, in order. */
export async function listEdits(id: string): Promise<EditRecord[]> {
  return storing(async (db) => {
    const record = await db.get('transcripts', id);
    const done = record?.edits?.done ?? 0;
    return done === 0 ? [] : db.getAll('edits', IDBKeyRange.bound([id, 1], [id, done]));
  });
}

/** The rows that edits have touched, as they were recognised, in order. */
export async function listTouched(id: string): Promise<Row[]> {
  const kept = await storing((db) => db.getAll('recognised', keysOf(id)));
  return kept.map(({ transcriptId: _, ...row }) => row);
}

/** The rows as they were recognised, with their words, in order. */
export async function getRecognised(id: string): Promise<Row[]> {
  const [rows, words, kept] = await storing((db) => {
    const tx = db.transaction(['segments', 'words', 'recognised']);
    return Promise.all([
      tx.objectStore('segments').getAll(keysOf(id)),
      tx.objectStore('words').getAll(keysOf(id)),
      tx.objectStore('recognised').getAll(keysOf(id)),
    ]);
  });
  const wordsAt = new Map(words.map((record) => [record.index, record.words]));
  const touched = new Set(kept.map(({ index }) => index));
  return [
    ...kept.map(({ transcriptId: _, ...row }) => row),
    ...rows
      .filter(({ index }) => Number.isInteger(index) && !touched.has(index))
      .map((row) => rowOf(row, wordsAt.get(row.index) ?? [])),
  ].sort((a, b) => a.index - b.index);
}

async function step(id: string, by: -1 | 1, token?: string): Promise<StoredEdit> {
  const stored = await inTransaction(id, token, async (tx, record) => {
    const edits = record.edits ?? NO_EDITS;
    const log = tx.objectStore('edits');
    const entry = await log.get([id, by < 0 ? edits.done : edits.done + 1]);
    if (!entry) return { record, patch: null };
    const wanted = by < 0 ? inverted(entry.patch) : entry.patch;
    let patch = wanted;
    if (!(await isInPlace(tx, id, wanted))) {
      // the words were recognised again meanwhile, and rows have other places
      patch = relocated(wanted, await readRows(tx, keysOf(id), true));
      await log.put({ ...entry, patch: by < 0 ? inverted(patch) : patch });
    }
    const next = await writePatch(tx, record, patch);
    return { record: { ...next, edits: { ...edits, done: edits.done + by } }, patch };
  });
  return report(id, stored, null);
}

interface Outcome {
  record: TranscriptRecord;
  patch: EditPatch | null;
}

/** Runs one step on an existing transcript, unless it was stored already, and stores the record. */
async function inTransaction(
  id: string,
  token: string | undefined,
  step: (tx: EditTransaction, record: TranscriptRecord) => Promise<Outcome>,
): Promise<Outcome & { isEnqueued: boolean }> {
  return storing(async (db) => {
    const tx = db.transaction([...EDIT_STORES], 'readwrite');
    try {
      const before = await tx.objectStore('transcripts').get(id);
      if (!before) throw new AppError('NOT_FOUND', `No transcript ${id}.`);
      const recent = before.edits?.recent ?? [];
      if (token !== undefined && recent.includes(token)) {
        await tx.done;
        return { record: before, patch: null, isEnqueued: false };
      }
      const { record, patch } = await step(tx, before);
      let isEnqueued = false;
      if (patch) {
        const changed: TranscriptRecord = {
          ...record,
          ...(record.edits &&
            token !== undefined && {
              edits: { ...record.edits, recent: [...recent.slice(1 - RECENT_TOKENS), token] },
            }),
          updatedAt: new Date().toISOString(),
          ...(record.wordCount === before.wordCount
            ? {}
            : { fieldTimes: fieldTimesAfter(before, { wordCount: record.wordCount }) }),
        };
        await tx.objectStore('transcripts').put(changed);
        if (isShareable(changed) && record.wordCount !== before.wordCount)
          isEnqueued = await enqueueForServer(tx, id, null);
      }
      await tx.done;
      return { record, patch, isEnqueued };
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // already aborted: the browser does so itself when the disk is full
      }
      await tx.done.catch(() => undefined); // `error` says why
      throw error;
    }
  });
}

function report(
  id: string,
  { record, patch, isEnqueued }: Outcome & { isEnqueued: boolean },
  shown: EditPatch | null,
): StoredEdit {
  if (patch) {
    const isShown = shown !== null && isSamePatch(shown, patch);
    announceEdit(id, patch, isShown);
    // what the page showed is not its result: it reads the rows again
    if (shown !== null && !isShown) announce('restarted', id);
    // while batches come in, the page may have read the rows between the edit and its being stored
    if (record.state === 'partial' || record.secondPass) announce('segments', id);
    announce('transcripts', id);
  } else if (shown !== null && hasEffect(shown)) announce('restarted', id);
  if (isEnqueued) announce('outbox', id);
  return { patch, edits: record.edits ?? NO_EDITS };
}

function isSamePatch(one: EditPatch, other: EditPatch): boolean {
  const key = ({ removed, added, relabelled }: EditPatch) =>
    JSON.stringify([
      removed.map(({ index, id }) => [index, id]),
      added.map(({ index, id, text, startMs, endMs }) => [index, id, text, startMs, endMs]),
      relabelled,
    ]);
  return key(one) === key(other);
}

/** Whether an edit continues another of the same burst: in the same row. */
function continues({ patch: before }: EditRecord, { removed, added }: EditPatch): boolean {
  return (
    before.added.length === 1 &&
    removed.length === 1 &&
    added.length <= 1 &&
    before.added[0]?.id === removed[0]?.id
  );
}

/** The effect of an edit on the rows as they are now: those it names are tried first, then all. */
async function patchOf(
  tx: EditTransaction,
  record: TranscriptRecord,
  edit: Edit,
): Promise<EditPatch> {
  const { id, speakers = [] } = record;
  const withWords = needsWords(edit);
  const near = needsAllRows(edit) ? null : await rangeOf(tx, id, edit);
  const patch =
    near &&
    (await inSteps(
      tx,
      applyEditInSteps(edit, await readRows(tx, near, withWords), speakers, false),
    ));
  if (patch) return patch;
  const all = await readRows(tx, keysOf(id), withWords);
  return (await inSteps(tx, applyEditInSteps(edit, all, speakers, true))) ?? NO_EFFECT;
}

/** The rows that an edit names, all rows between them, and one more on either side. */
async function rangeOf(tx: EditTransaction, id: string, edit: Edit): Promise<IDBKeyRange> {
  const indexes = rowsNamedBy(edit).map(({ index }) => index);
  const [low, high] = [Math.min(...indexes), Math.max(...indexes)];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return IDBKeyRange.only([id, 0]);
  const store = tx.objectStore('segments');
  const [before, after] = await Promise.all([
    store.openKeyCursor(
      IDBKeyRange.bound([id, Number.NEGATIVE_INFINITY], [id, low], false, true),
      'prev',
    ),
    store.openKeyCursor(IDBKeyRange.bound([id, high], [id, Number.POSITIVE_INFINITY], true)),
  ]);
  return IDBKeyRange.bound(before?.key ?? [id, low], after?.key ?? [id, high]);
}

async function readRows(
  tx: EditTransaction,
  range: IDBKeyRange,
  withWords: boolean,
): Promise<Row[]> {
  const [rows, words] = await Promise.all([
    tx.objectStore('segments').getAll(range),
    withWords ? tx.objectStore('words').getAll(range) : [],
  ]);
  const wordsAt = new Map(words.map((record) => [record.index, record.words]));
  return rows.map((row) => rowOf(row, wordsAt.get(row.index) ?? []));
}

function rowOf(record: SegmentRecord, words: Row['words']): Row {
  const { transcriptId: _, wordCount: _count, ...row } = record;
  return { ...row, words };
}

/** Whether the rows that a patch removes are where it says. */
async function isInPlace(tx: EditTransaction, id: string, patch: EditPatch): Promise<boolean> {
  const store = tx.objectStore('segments');
  for (const { index, id: rowId } of [...patch.removed, ...patch.relabelled])
    if ((await store.get([id, index]))?.id !== rowId) return false;
  const gone = new Set(patch.removed.map(({ index }) => index));
  for (const { index } of patch.added)
    if (!gone.has(index) && (await store.getKey([id, index])) !== undefined) return false;
  return true;
}
