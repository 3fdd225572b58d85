import { AppError, WorkSlices } from '@/lib/core';
import {
  type Transcript,
  type TranscriptSegment,
  transcriptSchema,
  transcriptSegmentSchema,
  type Word,
} from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer } from './enqueue';
import { removeMedia, removeOrphans } from './media';
import type { PeaksRecord, SegmentRecord, TranscriptRecord } from './schema';
import { fieldTimesAfter, isShareable, SHARED_FIELDS } from './summaries';

/** A position before this is not kept: playback starts from the beginning. In ms. */
const FROM_MS = 5_000;
/** This close to the end counts as played to the end, in ms. */
const END_MS = 15_000;

/** A position worth returning to; `null` near the start and near the end. */
export function positionWorthKeeping(placeMs: number, durationMs: number): number | null {
  return placeMs >= FROM_MS && placeMs < durationMs - END_MS ? Math.round(placeMs) : null;
}

/**
 * Stores the playback position of a recording. Not announced: only a page that is opened later reads it.
 */
export async function savePlaybackPosition(id: string, placeMs: number): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction('transcripts', 'readwrite');
    const record = await tx.store.get(id);
    if (record) {
      const { placeMs: _before, ...others } = record;
      const place = positionWorthKeeping(placeMs, record.durationMs);
      await tx.store.put(place === null ? others : { ...others, placeMs: place });
    }
    await tx.done;
  });
}

/** The stored playback position in ms; `null`: from the start. */
export async function getPlaybackPosition(id: string): Promise<number | null> {
  const record = await storing((db) => db.get('transcripts', id));
  const placeMs = record?.placeMs;
  return record && placeMs !== undefined ? positionWorthKeeping(placeMs, record.durationMs) : null;
}

/** Stores with several records of a transcript, by its id and a number. */
export const ROW_STORES = ['segments', 'words', 'peaks', 'edits', 'recognised'] as const;

/** All keys that begin with this transcript's id. */
export function keysOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id, Number.NEGATIVE_INFINITY], [id, Number.POSITIVE_INFINITY]);
}

/** Every transcript that is not deleted, newest first. */
export async function listTranscripts(): Promise<TranscriptRecord[]> {
  const all = await storing((db) => db.getAll('transcripts'));
  return all
    .filter((record) => record.deletedAt === null)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

/** One transcript's record, or `null` if there is none or it is deleted. */
export async function getTranscript(id: string): Promise<TranscriptRecord | null> {
  const record = await storing((db) => db.get('transcripts', id));
  return record && record.deletedAt === null ? record : null;
}

/** The rows of a transcript in order, without words. */
export function getSegments(id: string): Promise<SegmentRecord[]> {
  return storing((db) => db.getAll('segments', keysOf(id)));
}

/** The words of rows [from, to) by row index; missing rows are omitted. */
export async function getWords(id: string, from: number, to: number): Promise<Map<number, Word[]>> {
  const range = IDBKeyRange.bound([id, from], [id, to], false, true);
  const records = await storing((db) => db.getAll('words', range));
  return new Map(records.map((record) => [record.index, record.words]));
}

/** The waveform so far, in order. */
export function getPeaks(id: string): Promise<PeaksRecord[]> {
  return storing((db) => db.getAll('peaks', keysOf(id)));
}

/** Changes some fields of a record. Error: NOT_FOUND. */
export async function updateTranscript(
  id: string,
  change: Partial<Omit<TranscriptRecord, 'id'>>,
): Promise<void> {
  const noted = await storing(async (db) => {
    const tx = db.transaction(['transcripts', 'outbox', 'settings'], 'readwrite');
    const record = await tx.objectStore('transcripts').get(id);
    if (!record) {
      tx.abort();
      await tx.done.catch(() => undefined); // the abort is ours
      throw new AppError('NOT_FOUND', `No transcript ${id}.`);
    }
    const updatedAt = new Date().toISOString();
    const changed = {
      ...record,
      ...change,
      updatedAt,
      fieldTimes: fieldTimesAfter(record, change),
    };
    const isShared = isShareable(changed) && SHARED_FIELDS.some((field) => field in change);
    const [noted] = await Promise.all([
      isShared && enqueueForServer(tx, id, null),
      tx.objectStore('transcripts').put(changed),
      tx.done,
    ]);
    return noted;
  });
  announce('transcripts', id);
  if (noted) announce('outbox', id);
}

/** This many rows are read before others have their turn. */
const ROWS_AT_ONCE = 100;

/**
 * The whole transcript as exported and shared, as it is at one moment. Ten hours of
 * it do not hold up the page: rows are read and checked in slices. Error: NOT_FOUND.
 */
export async function readTranscript(id: string): Promise<Transcript> {
  const stored = await storing(async (db) => {
    const tx = db.transaction(['transcripts', 'segments', 'words']);
    const record = await tx.objectStore('transcripts').get(id);
    if (!record || record.deletedAt !== null) return null;
    const rows: { segment: SegmentRecord; words: Word[] }[] = [];
    let page = await tx.objectStore('segments').getAll(keysOf(id), ROWS_AT_ONCE);
    for (let last = page.at(-1); last; last = page.at(-1)) {
      const from = page[0]?.index ?? last.index;
      const range = IDBKeyRange.bound([id, from], [id, last.index]);
      const after = IDBKeyRange.bound([id, last.index], [id, Number.POSITIVE_INFINITY], true);
      const [words, next] = await Promise.all([
        tx.objectStore('words').getAll(range),
        tx.objectStore('segments').getAll(after, ROWS_AT_ONCE),
      ]);
      const wordsAt = new Map(words.map((one) => [one.index, one.words]));
      for (const segment of page) rows.push({ segment, words: wordsAt.get(segment.index) ?? [] });
      page = next;
    }
    return { record, rows };
  });
  if (!stored) throw new AppError('NOT_FOUND', `No transcript ${id}.`);
  const { record, rows } = stored;
  const slices = new WorkSlices();
  const segments: TranscriptSegment[] = [];
  for (const { segment, words } of rows) {
    segments.push(transcriptSegmentSchema.parse({ ...segment, words }));
    if (slices.isOver) await slices.pause();
  }
  const head = transcriptSchema.omit({ segments: true }).parse({
    version: 1,
    id: record.id,
    title: record.title,
    language: record.language,
    createdAt: record.createdAt,
    durationMs: record.durationMs,
    source: record.source,
    model: record.model ?? { id: 'unknown', backend: 'wasm', precision: 'unknown' },
    speakers: record.speakers ?? [],
    ...(record.marks?.length ? { marks: record.marks } : {}),
  });
  return { ...head, segments };
}

/** A search result. */
export interface SearchHit {
  transcriptId: string;
  /** Start of the first matching row; `null` if only the title matches. */
  startMs: number | null;
  /** The row's text, or the title. */
  text: string;
  /** Number of matching rows. */
  count: number;
}

/** Transcripts whose title or text contains `query`, ignoring case. One hit each. */
export async function searchTranscripts(query: string, signal?: AbortSignal): Promise<SearchHit[]> {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: SearchHit[] = [];
  for (const record of await listTranscripts()) {
    signal?.throwIfAborted();
    const rows = (await getSegments(record.id)).filter((row) =>
      row.text.toLowerCase().includes(wanted),
    );
    const [first] = rows;
    if (first) {
      const { startMs, text } = first;
      hits.push({ transcriptId: record.id, startMs, text, count: rows.length });
    } else if (record.title.toLowerCase().includes(wanted)) {
      hits.push({ transcriptId: record.id, startMs: null, text: record.title, count: 0 });
    }
  }
  return hits;
}

/**
 * Hides a transcript and its job, or shows them again: delete with undo. Either change is sent to the
 * user's other devices; a deletion that is undone before it was sent leaves no trace.
 */
export async function setDeleted(id: string, deleted: boolean): Promise<void> {
  const deletedAt = deleted ? new Date().toISOString() : null;
  const noted = await storing(async (db) => {
    const tx = db.transaction(['transcripts', 'jobs', 'outbox', 'settings'], 'readwrite');
    const [transcript, job] = await Promise.all([
      tx.objectStore('transcripts').get(id),
      tx.objectStore('jobs').get(id),
    ]);
    const fieldTimes = transcript && fieldTimesAfter(transcript, { deleted });
    const [noted] = await Promise.all([
      fieldTimes &&
        transcript.state === 'complete' &&
        enqueueForServer(tx, id, deleted ? fieldTimes.deleted : null),
      fieldTimes && tx.objectStore('transcripts').put({ ...transcript, deletedAt, fieldTimes }),
      job ? tx.objectStore('jobs').put({ ...job, deletedAt }) : null,
      tx.done,
    ]);
    return noted;
  });
  announce('transcripts', id);
  announce('jobs', id);
  if (noted) announce('outbox', id);
}

/**
 * Permanently removes transcripts deleted at least `olderThanMs` ago, with their recordings. One that
 * cannot be removed now (a copy of it is being written) is left for the next time.
 * @returns the ids that were removed
 */
export async function purgeDeleted(olderThanMs: number): Promise<string[]> {
  const before = new Date(Date.now() - olderThanMs).toISOString();
  const all = await storing((db) => db.getAll('transcripts'));
  const wanted = all.filter((record) => record.deletedAt !== null && record.deletedAt <= before);
  const gone: string[] = [];
  for (const { id } of wanted) {
    try {
      await removeMedia(id);
      await removeRecords(id);
      gone.push(id);
    } catch (error) {
      console.warn(`Deleted transcript ${id} could not be removed yet`, error);
    }
  }
  await removeOrphans((id) =>
    storing(async (db) => (await db.getKey('transcripts', id)) !== undefined),
  );
  if (gone.length > 0) announce('transcripts');
  return gone;
}

/** Removes everything stored of a transcript at once, without undo. */
export async function removeTranscript(id: string): Promise<void> {
  await removeMedia(id);
  await removeRecords(id);
  announce('transcripts', id);
  announce('jobs', id);
}

function removeRecords(id: string): Promise<void> {
  return storing(async (db) => {
    const tx = db.transaction(['transcripts', 'jobs', ...ROW_STORES], 'readwrite');
    await Promise.all([
      tx.objectStore('transcripts').delete(id),
      ...ROW_STORES.map((store) => tx.objectStore(store).delete(keysOf(id))),
      tx.objectStore('jobs').delete(id),
      tx.done,
    ]);
  });
}
