import 'server-only';
import pLimit from 'p-limit';
import { z } from 'zod';
import { DATASET_LICENCES, ENTRY_LEVELS, sha256Schema } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { objectStore } from '@/lib/server/objects';
import { keysBelow, MANIFEST, SEGMENTS, sha256Of } from './dataset-objects';

const entryLine = z.strictObject({
  id: z.uuid(),
  clip: sha256Schema,
  durationMs: z.int().positive(),
  text: z.string().min(1),
  asrText: z.string(),
  language: z.string().min(1),
  level: z.enum(ENTRY_LEVELS),
  speaker: z.string().min(1),
  recording: z.string().min(1),
  modelId: z.string().min(1),
  licence: z.enum(DATASET_LICENCES),
  wording: z.string().min(1),
  consentAt: z.iso.datetime(),
});

const withdrawalLine = z.strictObject({ id: z.uuid(), withdrawnAt: z.iso.datetime() });

const lineSchema = z.union([withdrawalLine, entryLine]);

/** One line of the manifest: what was given, or that it was withdrawn. */
export type ManifestLine = z.infer<typeof lineSchema>;
export type EntryLine = z.infer<typeof entryLine>;

/** A line that cannot be read. */
export interface BadLine {
  object: string;
  /** From 1; 0: the object as a whole. */
  line: number;
  reason: string;
}

export function isEntryLine(line: ManifestLine): line is EntryLine {
  return 'clip' in line;
}

/** Lines as they are stored: JSON, each with its end. */
export function writeLines(lines: Iterable<object>): string {
  return Array.from(lines, (line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads lines; those that are not lines are reported and left out. */
export function readLines(text: string, object: string, bad: BadLine[]): ManifestLine[] {
  const lines: ManifestLine[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const result = parseLine(line);
    if (typeof result === 'string') bad.push({ object, line: at + 1, reason: result });
    else lines.push(result);
  }
  return lines;
}

/** The line, or why it is not one. Nothing of its text is in the reason. */
function parseLine(line: string): ManifestLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // the parser's own message quotes the line
    return 'not JSON';
  }
  const { data, error } = lineSchema.safeParse(value);
  return data ?? `not a line of the manifest (${error?.issues[0]?.code ?? 'unknown'})`;
}

/**
 * Adds lines to those known by id. A withdrawal stands whatever comes; lines of one id are otherwise
 * the same. So the order does not matter, nor how often a line comes.
 */
export function mergeLines(known: Map<string, ManifestLine>, lines: Iterable<ManifestLine>): void {
  for (const line of lines) {
    const before = known.get(line.id);
    if (!before || isEntryLine(before)) known.set(line.id, line);
  }
}

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
interface Manifest {
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
