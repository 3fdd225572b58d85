import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import { AppError, throwIfAborted } from '@/lib/core';
import {
  database,
  datasetBadLines,
  datasetEntries,
  datasetManifest,
  withLease,
} from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log } from '@/lib/server/process';
import { keysBelow, MANIFEST, SEGMENTS, sha256Of } from './dataset-objects';
import {
  BASES,
  type BadLine,
  durationOf,
  EMPTY_HEAD,
  HEADS,
  headKey,
  headSchema,
  type ManifestHead,
  type ManifestLine,
  mergeLines,
  readBase,
  readLines,
  readObject,
  writeLines,
} from './manifest';

/** Segments merged in one run: each has 500 lines at most. */
const SEGMENTS_A_RUN = 64;

/** Fewer segments are left for later, since every run rewrites the bases. */
const WORTH_SEGMENTS = 16;

/** Older segments are merged however few they are, so that withdrawn words do not stay in them, in ms. */
const MAX_SEGMENT_AGE_MS = 24 * 60 * 60_000;

/** A base that no head names is removed only once it is this old, in ms: a head may be about to name it. */
const STRAY_BASE_AGE_MS = 60 * 60_000;

/** A dead compactor is replaced after this, in ms. */
const LEASE_MS = 60_000;

/** The one row of the table. */
const ROW = 1;

/** Unchanged copies of segments with unreadable lines. */
const ASIDE = `${MANIFEST}/bad/`;

interface Segment {
  key: string;
  text: string;
  bad: BadLine[];
}

async function currentHead(): Promise<ManifestHead> {
  const { db } = await database();
  const [row] = await db.select().from(datasetManifest).where(eq(datasetManifest.id, ROW));
  return row ? headSchema.parse(row.head) : EMPTY_HEAD;
}

/**
 * Merges segments into bases. Committing the row makes the new generation valid, which only one of several
 * compactors can do. Merged segments are deleted only after that and after the head is written, so that a
 * process may die at any step: every line is still in the store, and the next run resumes.
 * @param minSegments fewer are left as they are
 * @returns whether another generation was made
 */
export async function compactManifest(minSegments = WORTH_SEGMENTS): Promise<boolean> {
  let hasCompacted = false;
  await withLease('dataset.compact', LEASE_MS, async (signal) => {
    hasCompacted = await compactOnce(signal, minSegments);
  });
  return hasCompacted;
}

/** One run; safe even if others run at the same time. */
export async function compactOnce(signal: AbortSignal, minSegments = 1): Promise<boolean> {
  const head = await currentHead();
  // the process that committed this head may have died before writing it
  if (head.generation > 0) await writeHead(head, signal);
  const waiting = await listed(SEGMENTS, signal);
  const isOld = waiting.some(({ ageMs }) => ageMs > MAX_SEGMENT_AGE_MS);
  if (waiting.length === 0 || (waiting.length < minSegments && !isOld)) {
    if (head.generation > 0) await removeOldObjects(head, signal);
    return false;
  }
  const keys = waiting.slice(0, SEGMENTS_A_RUN).map(({ key }) => key);
  const { merged, segments } = await readSegments(keys, signal);
  const next: ManifestHead = {
    generation: head.generation + 1,
    bases: { ...head.bases },
    previous: Object.values(head.bases).map(({ key }) => key),
  };
  for (const [digit, lines] of merged) {
    throwIfAborted(signal);
    next.bases[digit] = await writeBase(digit, head.bases[digit]?.key, lines, signal);
  }
  const damaged = segments.filter(({ bad }) => bad.length > 0);
  for (const { key, text } of damaged) await put(key.replace(SEGMENTS, ASIDE), text, signal);
  throwIfAborted(signal);
  if (!(await commit(head.generation, next, damaged))) return false;
  await writeHead(next, signal);
  for (const { key } of segments) await objectStore().delete(key, { signal });
  await exportAgain(damaged);
  await removeOldObjects(next, signal);
  return true;
}

/** The lines of segments by the first digit of their ids, and the segments themselves. */
async function readSegments(keys: readonly string[], signal: AbortSignal) {
  const merged = new Map<string, Map<string, ManifestLine>>();
  const segments: Segment[] = [];
  for (const key of keys) {
    throwIfAborted(signal);
    const text = await readObject(key, signal);
    // another compactor has merged it meanwhile
    if (text === null) continue;
    const bad: BadLine[] = [];
    const lines = readLines(text, key, bad);
    if (!key.endsWith(`-${sha256Of(text)}.jsonl`))
      bad.push({ object: key, line: 0, reason: 'not what was written' });
    segments.push({ key, text, bad });
    for (const line of lines) {
      const digit = line.id.charAt(0);
      const known = merged.get(digit) ?? new Map<string, ManifestLine>();
      merged.set(digit, known);
      mergeLines(known, [line]);
    }
  }
  return { merged, segments };
}

/** Writes a base with the lines of the previous one and these. */
async function writeBase(
  digit: string,
  before: string | undefined,
  lines: ReadonlyMap<string, ManifestLine>,
  signal: AbortSignal,
) {
  const all = new Map<string, ManifestLine>();
  if (before !== undefined) {
    const known = await readBase(before, signal);
    if (!known) throw new AppError('UNKNOWN', `The object ${before} of the manifest is missing.`);
    mergeLines(all, known);
  }
  mergeLines(all, lines.values());
  const sorted = [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const text = writeLines(sorted);
  const key = `${BASES}${digit}-${sha256Of(text)}.jsonl`;
  await put(key, text, signal);
  return { key, lines: sorted.length, durationMs: durationOf(sorted) };
}

/** Makes the next generation the valid one. @returns false when another compactor was faster */
async function commit(
  generation: number,
  next: ManifestHead,
  damaged: readonly Segment[],
): Promise<boolean> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const row = { id: ROW, generation: next.generation, head: next };
    const changed =
      generation === 0
        ? await tx
            .insert(datasetManifest)
            .values(row)
            .onConflictDoNothing()
            .returning({ id: datasetManifest.id })
        : await tx
            .update(datasetManifest)
            .set(row)
            .where(and(eq(datasetManifest.id, ROW), eq(datasetManifest.generation, generation)))
            .returning({ id: datasetManifest.id });
    if (changed.length === 0) return false;
    const bad = damaged.flatMap((segment) => segment.bad);
    if (bad.length > 0) await tx.insert(datasetBadLines).values(bad).onConflictDoNothing();
    return true;
  });
}

/** Queues the entries of damaged segments for another export: the database still has them. */
async function exportAgain(damaged: readonly Segment[]): Promise<void> {
  if (damaged.length === 0) return;
  const { db } = await database();
  await db
    .update(datasetEntries)
    .set({ segment: null })
    .where(
      inArray(
        datasetEntries.segment,
        damaged.map(({ key }) => key),
      ),
    );
  log('warn', 'dataset.segments_damaged', {
    objects: damaged.length,
    lines: damaged.reduce((sum, { bad }) => sum + bad.length, 0),
  });
}

function writeHead(head: ManifestHead, signal: AbortSignal): Promise<void> {
  return put(headKey(head.generation), JSON.stringify(head), signal);
}

function put(key: string, text: string, signal: AbortSignal): Promise<void> {
  const mediaType = 'application/x-ndjson';
  return objectStore().put(key, new TextEncoder().encode(text), { mediaType, signal });
}

/** Removes heads and bases that no reader can need: those older than the generation before. */
async function removeOldObjects(head: ManifestHead, signal: AbortSignal): Promise<void> {
  const needed = new Set([...Object.values(head.bases).map(({ key }) => key), ...head.previous]);
  for (const key of await keysBelow(HEADS, signal))
    if (key < headKey(head.generation - 1)) await objectStore().delete(key, { signal });
  for (const { key, ageMs } of await listed(BASES, signal))
    if (!needed.has(key) && ageMs > STRAY_BASE_AGE_MS) await objectStore().delete(key, { signal });
}

async function listed(prefix: string, signal: AbortSignal) {
  const found: { key: string; ageMs: number }[] = [];
  for await (const { key, modifiedAt } of objectStore().list(prefix, { signal }))
    found.push({ key, ageMs: Date.now() - modifiedAt.getTime() });
  return found;
}
