import { joinWords } from '@/lib/core';
import {
  type EditPatch,
  type Row,
  type TranscriptSegment,
  type Word,
  wordsOf,
} from '@/lib/transcript';

/**
 * A patch for rows that have moved because the words around them were recognised again. Its rows are found by
 * their ids; the rows it adds are placed by their time, except those that would overlap others.
 */
export function relocated(patch: EditPatch, rows: readonly Row[]): EditPatch {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const removed = patch.removed.flatMap(({ id }) => byId.get(id) ?? []);
  const gone = new Set(removed);
  const others = rows.filter((row) => !gone.has(row));
  const fitting = patch.added.filter(
    (row) => !others.some(({ startMs, endMs }) => startMs < row.endMs && endMs > row.startMs),
  );
  // rows added between the same two get evenly spaced indexes
  const byPlace = new Map<number, Row[]>();
  for (const row of fitting) {
    const before = others.findLastIndex(({ endMs }) => endMs <= row.startMs);
    byPlace.set(before, [...(byPlace.get(before) ?? []), row]);
  }
  const added = [...byPlace].flatMap(([before, between]) => {
    const low = others[before]?.index ?? -1;
    const high = others[before + 1]?.index ?? Math.floor(low) + 1;
    return between.map((row, at) => ({
      ...row,
      index: low + ((high - low) * (at + 1)) / (between.length + 1),
    }));
  });
  return {
    ...patch,
    removed,
    added,
    relabelled: patch.relabelled.flatMap((change) => {
      const row = byId.get(change.id);
      return row ? [{ ...change, index: row.index }] : [];
    }),
  };
}

/** Part of a recording that was recognised again. */
export interface Recognition {
  /** Index of the first segment; all rows from there on come from an earlier recognition. */
  index: number;
  segments: readonly TranscriptSegment[];
  /** Earlier rows that begin before this are replaced; infinite: all. */
  untilMs: number;
  /** Edited rows of the previous part extend to here, in ms. */
  heldUntilMs: number;
}

/** The existing rows with their words, and the originals of those that edits have touched. */
export interface RowsBefore {
  /** From the last one before `index` on, in order. */
  rows: readonly Row[];
  /** From `index` on. */
  recognised: readonly Row[];
}

/** Everything from `index` on, as it is to be stored. */
export interface RowsAfter {
  rows: Row[];
  recognised: Row[];
  /** `Recognition.heldUntilMs` of the next part. */
  heldUntilMs: number;
}

interface Span {
  startMs: number;
  endMs: number;
}

const overlaps = (one: Span, other: Span) => one.startMs < other.endMs && one.endMs > other.startMs;

/**
 * Replaces rows with newly recognised segments, except for those that somebody edited: there the new words
 * are kept only as the recognised text.
 * @param newId for rows: the usual ids of segments are taken by the earlier recognition
 */
export function rebase(
  { index, segments, untilMs, heldUntilMs }: Recognition,
  before: RowsBefore,
  newId: () => string,
): RowsAfter {
  const touched = new Set(before.recognised.map((row) => row.index));
  const isRecognised = (row: Row) => Number.isInteger(row.index) && !touched.has(row.index);
  const earlier = before.rows.findLast((row) => row.index < index);
  const own = before.rows.filter((row) => row.index >= index);
  const base = [...before.recognised, ...own.filter(isRecognised)];
  const laterBase = base.filter(({ startMs }) => startMs >= untilMs);
  const cut = Math.min(Number.POSITIVE_INFINITY, ...laterBase.map((row) => row.index));
  const kept = own.filter((row) => row.index < cut && !isRecognised(row));
  const shift = segments.length - (base.length - laterBase.length);
  const held: Span[] = [
    { startMs: 0, endMs: heldUntilMs },
    ...kept,
    ...before.recognised.filter((row) => row.index < cut),
  ];

  const recognised: Row[] = [];
  const groups = new Map<number, Row[]>();
  const put = (group: number, row: Row) => groups.set(group, [...(groups.get(group) ?? []), row]);
  segments.forEach((segment, at) => {
    const row: Row = { ...segment, index: index + at, id: newId() };
    const spoken = speakerOf(row, own) ?? row.speakerId;
    if (!held.some((span) => overlaps(span, row))) put(row.index, { ...row, speakerId: spoken });
    else {
      recognised.push(row);
      for (const words of piecesOf(wordsOf(row, row.words), held))
        put(row.index, {
          ...row,
          id: newId(),
          speakerId: spoken,
          words,
          text: joinWords(words.map(({ text }) => text)),
          startMs: words[0]?.startMs ?? row.startMs,
          endMs: words.at(-1)?.endMs ?? row.endMs,
        });
    }
  });
  for (const row of kept) {
    const started = segments.filter(({ startMs }) => startMs <= row.startMs).length;
    put(index - 1 + started, row);
  }

  const rows = [...groups].flatMap(([group, members]) => {
    const sorted = members.sort((a, b) => a.startMs - b.startMs);
    const low = group < index ? Math.max(group, earlier?.index ?? group) : group;
    // the whole number is that of what was recognised, and of nothing before it
    const isFirst = group >= index && sorted[0]?.index === group && !kept.includes(sorted[0]);
    return sorted.map((row, at) => {
      const place = isFirst ? at : at + 1;
      return { ...row, index: low + ((group + 1 - low) * place) / (sorted.length + 1) };
    });
  });
  const moved = own.filter((row) => row.index >= cut).map((row) => movedBy(shift, row));
  return {
    rows: [...rows, ...moved].sort((a, b) => a.index - b.index),
    recognised: [
      ...recognised,
      ...before.recognised.filter((row) => row.index >= cut).map((row) => movedBy(shift, row)),
    ],
    heldUntilMs: Math.max(...held.map(({ endMs }) => endMs)),
  };
}

const movedBy = (shift: number, row: Row): Row => ({ ...row, index: row.index + shift });

/** The speaker of the rows that a new segment overlaps most. */
function speakerOf(row: Span, rows: readonly Row[]): string | null {
  const shared = (other: Row) =>
    Math.min(row.endMs, other.endMs) - Math.max(row.startMs, other.startMs);
  const [most] = rows
    .filter((other) => other.speakerId !== null && shared(other) > 0)
    .sort((a, b) => shared(b) - shared(a));
  return most?.speakerId ?? null;
}

/** The words outside of some spans, in runs divided by those spans. */
function piecesOf(words: readonly Word[], held: readonly Span[]): Word[][] {
  const pieces: Word[][] = [];
  let open: Word[] | null = null;
  let lastMs = 0;
  for (const word of words) {
    let { startMs, endMs } = word;
    const middleMs = (startMs + endMs) / 2;
    for (const span of held) {
      if (!overlaps(span, { startMs, endMs })) continue;
      if (span.startMs <= middleMs && span.endMs > middleMs) endMs = startMs;
      else if (span.endMs <= middleMs) startMs = span.endMs;
      else endMs = span.startMs;
    }
    if (endMs <= startMs) {
      open = null;
      continue;
    }
    const isBroken = held.some((span) => span.startMs >= lastMs && span.endMs <= startMs);
    if (!open || isBroken) {
      open = [];
      pieces.push(open);
    }
    open.push({ ...word, startMs, endMs });
    lastMs = endMs;
  }
  return pieces;
}
