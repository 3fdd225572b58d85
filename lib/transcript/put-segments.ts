import { AppError } from '@/lib/core';
import { alignTexts, foldedWord } from './align-texts';
import type { TextRun } from './compare-words';
import { type EditPatch, NO_EFFECT, type Row, withWords, wordsOfRow } from './rows';
import type { TranscriptSegment, Word } from './types';
import { tokenise } from './words';

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
 * @param runs how both correspond; computed when missing
 * @throws BAD_REQUEST when there are more of them than milliseconds
 */
export function timed(row: Row, texts: readonly string[], runs?: readonly TextRun[]): Word[] {
  const words = retime(wordsOfRow(row), texts, row, runs);
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

/** Runs work in steps to its end. @returns its result */
export function allSteps<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Lays another text over the words of rows, a paragraph to a segment. For a whole book this takes a good part
 * of a second, so it is done in steps that let other work run in between.
 */
export function* paste(
  named: Row[],
  paragraphs: readonly Paragraph[],
  rows: readonly Row[],
): Generator<void, EditPatch> {
  const first = named[0];
  const last = named.at(-1);
  if (!first || !last) return NO_EFFECT;
  const texts = paragraphs.map(({ text }) => tokenise(text));
  const all: Row = {
    ...first,
    endMs: last.endMs,
    words: named.flatMap(wordsOfRow),
  };
  yield;
  const after = texts.flat();
  const runs = runsOf(wordsOfRow(all), after);
  yield;
  const words = timed(all, after, runs);
  yield;
  let at = 0;
  let row = 0;
  const segments = paragraphs.flatMap(({ newId, speakerId }, number): TranscriptSegment[] => {
    const own = words.slice(at, at + (texts[number]?.length ?? 0));
    at += own.length;
    const [start] = own;
    const end = own.at(-1);
    if (!start || !end) return [];
    while ((named[row + 1]?.startMs ?? Number.POSITIVE_INFINITY) <= start.startMs) row++;
    const spoken = named[row] ?? first;
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

/** New words get at least this much time each where the sound around them has room, in ms. */
const ROOM_MS = 60;

/** Words that share a span of time by their length: those of the new text from one number to another. */
interface Group {
  from: number;
  to: number;
  startMs: number;
  endMs: number;
  /** Room the words need, in ms. */
  needMs: number;
  /** Its time is given: the word keeps it unless a neighbour has none. */
  isKept: boolean;
}

/**
 * Gives the words of a corrected text their times. Words that an edit did not touch keep theirs, and so
 * does a word that replaces one other; words that replace several share their span by their length, and
 * added ones take the pause they stand in, or else a part of the words beside them.
 * @param old the words before, in order, inside the span
 * @param texts the words now
 * @param span where all of them lie
 * @param runs how both correspond
 * @returns words in order, not overlapping, at least 1 ms each where there are so many; `null`: there are more of them
 *   than milliseconds, and than before
 */
function retime(
  old: readonly Word[],
  texts: readonly string[],
  span: { startMs: number; endMs: number },
  runs: readonly TextRun[] = runsOf(old, texts),
): Word[] | null {
  if (texts.length === 0) return [];
  // a text that has too little time as it is can still be corrected
  if (span.endMs - span.startMs < texts.length && texts.length > old.length) return null;
  const groups: Group[] = [];
  /** As each word is where it keeps its time. */
  const kept: (Word | null)[] = [];
  for (const { isSame, oldFrom, oldTo, newFrom, newTo } of runs) {
    if (newFrom === newTo) continue;
    if (isSame || oldTo - oldFrom === newTo - newFrom) {
      for (let from = newFrom; from < newTo; from++) {
        const word = old[oldFrom + from - newFrom];
        const text = texts[from];
        if (!word || text === undefined) continue;
        const { startMs, endMs } = word;
        kept.push(text === word.text ? word : { text, startMs, endMs, confidence: 1 });
        groups.push({ from, to: from + 1, startMs, endMs, needMs: 1, isKept: true });
      }
      continue;
    }
    for (let at = newFrom; at < newTo; at++) kept.push(null);
    const count = newTo - newFrom;
    const isAdded = oldFrom === oldTo;
    const [first, last] = isAdded ? [] : [old[oldFrom], old[oldTo - 1]];
    groups.push({
      from: newFrom,
      to: newTo,
      startMs: first?.startMs ?? old[oldFrom - 1]?.endMs ?? span.startMs,
      endMs: last?.endMs ?? old[oldTo]?.startMs ?? span.endMs,
      needMs: isAdded ? count * ROOM_MS : count,
      isKept: false,
    });
  }
  return makeRoom(groups, span).flatMap((group) => share(group, texts, kept));
}

/** How words that were timed correspond to those of another text. */
function runsOf(old: readonly Word[], texts: readonly string[]): TextRun[] {
  return alignTexts(
    old.map(({ text }) => text),
    texts,
    foldedWord,
  );
}

/** Joins a group that has too little time with a neighbour until every group has enough, from the first to the last. */
function makeRoom(groups: readonly Group[], span: { startMs: number; endMs: number }): Group[] {
  const done: Group[] = [];
  let next = 0;
  let group = groups[next++];
  while (group) {
    const [before, after] = [done.at(-1), groups[next]];
    if (roomOf(group) >= 0) {
      done.push(group);
      group = groups[next++];
    } else if (!before && !after) {
      // alone: all of the span is its own
      done.push({ ...group, ...span, needMs: 0 });
      group = undefined;
    } else if (before && (!after || roomOf(before) >= roomOf(after))) {
      done.pop();
      group = joined(before, group);
    } else if (after) {
      next++;
      group = joined(group, after);
    }
  }
  return done;
}

const roomOf = ({ startMs, endMs, needMs }: Group) => endMs - startMs - needMs;

function joined(first: Group, second: Group): Group {
  return {
    from: first.from,
    to: second.to,
    startMs: Math.min(first.startMs, second.startMs),
    endMs: Math.max(first.endMs, second.endMs),
    // a pause that is too short for new words is enough with the word beside it
    needMs: second.to - first.from,
    isKept: false,
  };
}

/** Shares a group's time among its words by their length; every word gets 1 ms at least, where there are so many. */
function share(
  { from, to, startMs, endMs, isKept }: Group,
  texts: readonly string[],
  kept: readonly (Word | null)[],
): Word[] {
  const own = kept[from];
  if (isKept && own) return [own];
  const total = texts.slice(from, to).reduce((sum, text) => sum + text.length, 0);
  const leastMs = endMs - startMs < to - from ? 0 : 1;
  const free = endMs - startMs - leastMs * (to - from);
  const timeAt = (words: number, letters: number) =>
    startMs + leastMs * words + Math.round((free * letters) / Math.max(1, total));
  let letters = 0;
  return texts.slice(from, to).map((text, at) => {
    const fromMs = timeAt(at, letters);
    letters += text.length;
    const confidence = kept[from + at]?.confidence ?? 1;
    return { text, startMs: fromMs, endMs: timeAt(at + 1, letters), confidence };
  });
}
