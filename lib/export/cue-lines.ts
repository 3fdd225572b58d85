import type { SubtitleRules } from './options';

/** A word of a cue, or a piece of one that is wider than a line. */
export interface Piece {
  text: string;
  /** A space stands before it, where a piece of the same line does. */
  isSpaced: boolean;
  startMs: number;
  endMs: number;
}

/** Text of pieces in one line. */
export function pieceText(pieces: readonly Piece[]): string {
  return pieces.map(({ text, isSpaced }, at) => (at > 0 && isSpaced ? ` ${text}` : text)).join('');
}

/** Width of a line in characters. */
export function textWidth(pieces: readonly Piece[]): number {
  return [...pieceText(pieces)].length;
}

/** Breaking a line at the end of a clause is worth this many characters of unevenness. */
const CLAUSE_BONUS = 8;

/** Leaving a short word, such as an article, at the end of a line costs this many. */
const SHORT_WORD_COST = 4;

/** The lines of a cue, even and divided at clauses; `null` when the text does not fit. */
export function layOut(
  pieces: readonly Piece[],
  { lineLength, lines }: Pick<SubtitleRules, 'lineLength' | 'lines'>,
): string[] | null {
  return divide(pieces, lineLength, lines)?.lines ?? null;
}

interface Layout {
  lines: string[];
  /** Lower is better. */
  cost: number;
}

function divide(pieces: readonly Piece[], lineLength: number, lines: number): Layout | null {
  const width = textWidth(pieces);
  if (width <= lineLength) return { lines: [pieceText(pieces)], cost: width };
  // a space may be lost at each end of a line
  if (lines < 2 || width > lines * lineLength + lines - 1) return null;
  let best: Layout | null = null;
  for (let at = 1; at < pieces.length; at++) {
    const first = pieces.slice(0, at);
    const firstWidth = textWidth(first);
    if (firstWidth > lineLength) break;
    const rest = divide(pieces.slice(at), lineLength, lines - 1);
    if (!rest) continue;
    const cost = Math.max(firstWidth, rest.cost) + breakCost(pieces[at - 1]?.text ?? '');
    if (!best || cost < best.cost) best = { lines: [pieceText(first), ...rest.lines], cost };
  }
  return best;
}

function breakCost(word: string): number {
  if (/[.?!,;:。？！，、،؛]['")”」』]*$/.test(word)) return -CLAUSE_BONUS;
  return word.length <= 3 ? SHORT_WORD_COST : 0;
}
