import { needsSpace } from '@/lib/core';
import { type Transcript, type TranscriptSegment, wordsOf } from '@/lib/transcript';

/** One caption: [startMs, endMs) and one or two lines. */
export interface Cue {
  startMs: number;
  endMs: number;
  lines: string[];
}

/** A word, or a piece of one that is wider than a line. */
interface Piece {
  text: string;
  /** A space stands before it, where a piece of the same line does. */
  isSpaced: boolean;
  startMs: number;
  endMs: number;
}

/** What fits on a screen and can be read: the usual limits of broadcasters' subtitle guides. */
const MAX_LINE = 42;
const MAX_LINES = 2;
const MAX_CUE_MS = 7000;

/** Shown at least this long, where the next cue leaves room. */
const MIN_CUE_MS = 1000;

/** A pause of this length always ends a cue. */
const BREAK_MS = 1000;

/**
 * The transcript as captions: at most two lines of 42 characters and 7 s, divided at pauses and at
 * the ends of sentences and clauses, in order and without overlap.
 */
export function cuesOf({ segments }: Pick<Transcript, 'segments'>): Cue[] {
  const groups = segments.flatMap((segment) => breakAtPauses(piecesOf(segment))).flatMap(divide);
  let freeMs = 0;
  return groups.map((pieces, i): Cue => {
    const startMs = Math.max(pieces[0]?.startMs ?? 0, freeMs);
    const lastMs = pieces.at(-1)?.endMs ?? startMs;
    const nextMs = groups[i + 1]?.[0]?.startMs ?? Number.POSITIVE_INFINITY;
    const wantedMs = Math.max(lastMs, startMs + MIN_CUE_MS);
    // pieces of a word can share a millisecond: then a cue moves by one
    freeMs = Math.max(startMs + 1, Math.min(wantedMs, startMs + MAX_CUE_MS, nextMs));
    return { startMs, endMs: freeMs, lines: layOut(pieces) ?? [join(pieces)] };
  });
}

/** The words with their times; text without word times is spread evenly over its segment. */
function piecesOf(segment: TranscriptSegment): Piece[] {
  const words = wordsOf(segment, segment.words);
  // a text alone keeps the spaces it was written with
  const isWritten = segment.words.length === 0;
  return words.flatMap((word, at) =>
    breakWide({ ...word, isSpaced: isWritten || needsSpace(words[at - 1]?.text ?? '', word.text) }),
  );
}

/** A word wider than a line, in pieces that fit; its time is shared among them. */
function breakWide({ text, isSpaced, startMs, endMs }: Piece): Piece[] {
  const characters = [...text.replace(/\s+/g, ' ')];
  const count = Math.ceil(characters.length / MAX_LINE);
  return Array.from({ length: count }, (_, i) => ({
    text: characters.slice(i * MAX_LINE, (i + 1) * MAX_LINE).join(''),
    isSpaced: isSpaced && i === 0,
    startMs: startMs + Math.floor(((endMs - startMs) * i) / count),
    endMs: startMs + Math.floor(((endMs - startMs) * (i + 1)) / count),
  }));
}

function breakAtPauses(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && piece.startMs - last.endMs < BREAK_MS) group.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

/** Halves a group at its best place until every part fits in a cue. */
function divide(pieces: Piece[]): Piece[][] {
  const lengthMs = (pieces.at(-1)?.endMs ?? 0) - (pieces[0]?.startMs ?? 0);
  if (pieces.length < 2 || (lengthMs <= MAX_CUE_MS && layOut(pieces))) return [pieces];
  const total = widthOf(pieces);
  let best = 1;
  let bestScore = Number.NEGATIVE_INFINITY;
  let left = 0;
  for (let at = 1; at < pieces.length; at++) {
    const before = pieces[at - 1];
    const after = pieces[at];
    if (!before || !after) continue;
    left += widthOf([before]) + 1;
    // 0 for halves, down to -1 for a lone word
    const balance = -Math.abs(2 * left - total) / total;
    const pause = Math.min(after.startMs - before.endMs, BREAK_MS) / BREAK_MS;
    const stop = /[.?!。？！]['")”」』]*$/.test(before.text)
      ? 0.5
      : /[,;:，、]$/.test(before.text)
        ? 0.25
        : 0;
    const score = balance + pause + stop;
    if (score > bestScore) {
      best = at;
      bestScore = score;
    }
  }
  return [...divide(pieces.slice(0, best)), ...divide(pieces.slice(best))];
}

/** The lines of a cue, as even as they can be; `null` when the text does not fit. */
function layOut(pieces: readonly Piece[]): string[] | null {
  if (widthOf(pieces) <= MAX_LINE) return [join(pieces)];
  let best: string[] | null = null;
  let bestWidth = MAX_LINE + 1;
  for (let at = 1; at < pieces.length; at++) {
    const lines = [pieces.slice(0, at), pieces.slice(at)];
    const width = Math.max(...lines.map(widthOf));
    if (lines.length <= MAX_LINES && width < bestWidth) {
      best = lines.map(join);
      bestWidth = width;
    }
  }
  return best;
}

function join(pieces: readonly Piece[]): string {
  return pieces.map(({ text, isSpaced }, at) => (at > 0 && isSpaced ? ` ${text}` : text)).join('');
}

function widthOf(pieces: readonly Piece[]): number {
  return [...join(pieces)].length;
}

/** `01:02:03,004`, with the mark that the format puts before the milliseconds. */
export function timestamp(ms: number, mark: ',' | '.'): string {
  const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0');
  const hours = pad(ms / 3_600_000);
  const minutes = pad((ms / 60_000) % 60);
  const seconds = pad((ms / 1000) % 60);
  return `${hours}:${minutes}:${seconds}${mark}${pad(ms % 1000, 3)}`;
}
