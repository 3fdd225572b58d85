import 'server-only';
import pLimit from 'p-limit';
import { z } from 'zod';
import { AppError } from '@/lib/core';
import { objectStore } from '@/lib/server/objects';
import { keysBelow, MANIFEST, sha256Of } from './dataset-objects';
import { SEGMENTS } from './export-segments';
import {
  type BadLine,
  isEntryLine,
  type ManifestLine,
  mergeLines,
  readLines,
} from './manifest-lines';

export const BASES = `${MANIFEST}/bases/`;
export const HEADS = `${MANIFEST}/heads/`;

/** Objects that are read at a time. */
const READS_AT_ONCE = 8;

/** A reader that was overtaken by this many compactions in a row gives up. */
const ATTEMPTS = 20;

const baseSchema = z.object({
  key: z.string(),
  lines: z.int().nonnegative(),
  durationMs: z.int().nonnegative(),
});

/**
 * What the objects of a generation are: one base for each first digit of the entries' ids, with all
 * lines that were merged by then. A head is never changed; the one with the highest number counts.
 */
export const headSchema = z.object({
  generation: z.int().nonnegative(),
  bases: z.record(z.string(), baseSchema),
  /** Bases of the generation before, which may still be read. */
  previous: z.array(z.string()),
});

export type ManifestHead = z.infer<typeof headSchema>;

export const EMPTY_HEAD: ManifestHead = { generation: 0, bases: {}, previous: [] };

/** The object of a head; names are in the order of generations. */
export function headKey(generation: number): string {
  return `${HEADS}${String(generation).padStart(12, '0')}.json`;
}

/** The text of an object; `null` only when the store says that there is none. */
export async function readObject(key: string, signal: AbortSignal): Promise<string | null> {
  const found = await objectStore().get(key, { signal });
  return found && (await new Response(found.body).text());
}

/**
 * The lines of a base.
 * @throws UNKNOWN when it is missing or was changed: that is never taken for an empty one
 */
export async function readBase(key: string, signal: AbortSignal): Promise<ManifestLine[] | null> {
  const text = await readObject(key, signal);
  if (text === null) return null;
  const bad: BadLine[] = [];
  const lines = readLines(text, key, bad);
  if (bad.length > 0 || !key.endsWith(`-${sha256Of(text)}.jsonl`))
    throw new AppError('UNKNOWN', `The object ${key} of the manifest was changed.`);
  return lines;
}

/** What the objects in the store say. */
export interface Manifest {
  /** By the ids of entries. */
  lines: Map<string, ManifestLine>;
  /** Of all entries that were not withdrawn. */
  durationMs: number;
  bad: BadLine[];
}

/**
 * Reads the whole manifest from the store alone, also while others write: as it was at some moment of
 * the reading, or later.
 * @throws SERVER_BUSY when the store fails; UNKNOWN when an object is missing
 */
export async function readManifest(signal: AbortSignal): Promise<Manifest> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const read = await tryToRead(signal);
    if (read) return read;
  }
  throw new AppError('UNKNOWN', 'Objects of the manifest are missing.');
}

/** @returns `null` when an object was merged into another one meanwhile */
async function tryToRead(signal: AbortSignal): Promise<Manifest | null> {
  // in this order: a segment that is gone by then is in the bases of the head
  const segments = await keysBelow(SEGMENTS, signal);
  const newest = (await keysBelow(HEADS, signal)).sort().at(-1);
  const lines = new Map<string, ManifestLine>();
  const bad: BadLine[] = [];
  const limit = pLimit(READS_AT_ONCE);
  if (newest !== undefined) {
    const text = await readObject(newest, signal);
    if (text === null) return null;
    const { bases } = headSchema.parse(JSON.parse(text));
    const keys = Object.values(bases).map(({ key }) => key);
    for (const base of await limit.map(keys, (key) => readBase(key, signal))) {
      if (!base) return null;
      mergeLines(lines, base);
    }
  }
  const texts = await limit.map(segments, (key) => readObject(key, signal));
  for (const [at, text] of texts.entries()) {
    if (text === null) return null;
    mergeLines(lines, readLines(text, segments[at] ?? '', bad));
  }
  return { lines, durationMs: durationOf(lines.values()), bad };
}

/** The length of all clips that were not withdrawn, in ms. */
export function durationOf(lines: Iterable<ManifestLine>): number {
  let sum = 0;
  for (const line of lines) if (isEntryLine(line)) sum += line.durationMs;
  return sum;
}
