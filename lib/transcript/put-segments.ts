import { AppError } from '@/lib/core';
import { retime } from './retime';
import { type EditPatch, NO_EFFECT, type Row, withWords, wordsOfRow } from './rows';
import { tokenise } from './tokenise';
import type { TranscriptSegment, Word } from './types';

/** A paragraph of a pasted text. */
export interface Paragraph {
  text: string;
  newId: string;
  /** Missing: the person who said the words that stood there. */
  speakerId?: string | null;
}

/** The index of the row after one; `null`: it is the last. */
export const indexAfter = (index: number, rows: readonly Row[]): number | null =>
  rows.find((row) => row.index > index)?.index ?? null;

/**
 * A row's words with other texts.
 * @throws BAD_REQUEST when there are more of them than milliseconds
 */
export function timed(row: Row, texts: readonly string[]): Word[] {
  const words = retime(wordsOfRow(row), texts, row);
  if (!words)
    throw new AppError('BAD_REQUEST', `${texts.length} words in ${row.endMs - row.startMs} ms.`);
  return words;
}

/** Segments in the place of rows: the first takes the place of the first, and the others follow it. */
function placed(
  segments: readonly TranscriptSegment[],
  named: readonly Row[],
  rows: readonly Row[],
): Row[] {
  const [first] = named;
  const last = named.at(-1);
  if (!first || !last) return [];
  const next = indexAfter(last.index, rows) ?? Math.floor(last.index) + 1;
  const step = (next - first.index) / Math.max(1, segments.length);
  return segments.map((segment, at) => ({ ...segment, index: first.index + at * step }));
}

/** Puts what was recognised where it was said; what a row has beside it stays. */
export function restore(
  { segments, newId }: { segments: readonly TranscriptSegment[]; newId: string },
  rows: readonly Row[],
): EditPatch {
  const startMs = segments[0]?.startMs ?? 0;
  const endMs = segments.at(-1)?.endMs ?? startMs;
  const there = rows.filter((row) => row.startMs < endMs && row.endMs > startMs);
  const [first] = there;
  const last = there.at(-1);
  const spoken = segments.map((segment) => ({
    ...segment,
    speakerId: there.find((row) => row.endMs > segment.startMs)?.speakerId ?? segment.speakerId,
  }));
  if (!first || !last) {
    const before = rows.findLast((row) => row.endMs <= startMs)?.index ?? -1;
    const after = indexAfter(before, rows) ?? Math.floor(before) + 1;
    const step = (after - before) / (segments.length + 1);
    const added = spoken.map((segment, at) => ({ ...segment, index: before + (at + 1) * step }));
    return { ...NO_EFFECT, added };
  }
  const [before, after] = [wordsBeside(first, -1, startMs), wordsBeside(last, 1, endMs)];
  const kept = (row: Row, words: Word[], change: Partial<Row>): TranscriptSegment[] => {
    const { index: _, ...segment } = { ...withWords(row, words), ...change };
    return words.length > 0 ? [segment] : [];
  };
  const all = [
    ...kept(first, before, { endMs: startMs }),
    ...spoken,
    ...kept(last, after, { startMs: endMs, id: newId }),
  ];
  return { ...NO_EFFECT, removed: there, added: placed(all, there, rows) };
}

/** The words of a row that lie mostly before or after a time, without what of them does not. */
function wordsBeside(row: Row, side: -1 | 1, atMs: number): Word[] {
  return wordsOfRow(row)
    .filter(({ startMs, endMs }) => ((startMs + endMs) / 2 - atMs) * side > 0)
    .map((word) =>
      side < 0
        ? { ...word, endMs: Math.min(word.endMs, atMs) }
        : { ...word, startMs: Math.max(word.startMs, atMs) },
    );
}

/** Lays another text over the words of rows, a paragraph to a segment. */
export function paste(
  named: Row[],
  paragraphs: readonly Paragraph[],
  rows: readonly Row[],
): EditPatch {
  const first = named[0];
  const last = named.at(-1);
  if (!first || !last) return NO_EFFECT;
  const old = named.flatMap((row) => wordsOfRow(row).map((word) => ({ row, word })));
  const texts = paragraphs.map(({ text }) => tokenise(text));
  const all: Row = {
    ...first,
    endMs: last.endMs,
    words: old.map(({ word }) => word),
  };
  const words = timed(all, texts.flat());
  let at = 0;
  const segments = paragraphs.flatMap(({ newId, speakerId }, number): TranscriptSegment[] => {
    const own = words.slice(at, at + (texts[number]?.length ?? 0));
    at += own.length;
    const [start] = own;
    const end = own.at(-1);
    if (!start || !end) return [];
    const spoken = named.findLast(({ startMs }) => startMs <= start.startMs) ?? first;
    const { index: _, ...segment } = withWords(first, own);
    return [
      {
        ...segment,
        id: newId,
        edited: true,
        speakerId: speakerId === undefined ? spoken.speakerId : speakerId,
        startMs: start.startMs,
        endMs: end.endMs,
      },
    ];
  });
  return { ...NO_EFFECT, removed: named, added: placed(segments, named, rows) };
}
