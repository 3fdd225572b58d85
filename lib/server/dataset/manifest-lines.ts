import 'server-only';
import { z } from 'zod';
import { DATASET_LICENCES, ENTRY_LEVELS, sha256Schema } from '@/lib/contracts';

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
