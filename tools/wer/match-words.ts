import { normaliseEnglish } from './english/normalise';

/** How a cell of the table is reached. */
const BOTH = 0;
const REFERENCE_ALONE = 1;
const HYPOTHESIS_ALONE = 2;

/** Scored words of a text, and the written word that each comes from. */
interface Pieces {
  pieces: string[];
  wordOf: number[];
}

/** What became of a hypothesis's words. */
export interface WordMatches {
  /** Whether each word of the hypothesis was said there. */
  correct: boolean[];
  /**
   * Pairs of indices, in order: words that stand for one and the same word of the reference. A word
   * that is right as one of several, as `cannot` for `can not`, is in none.
   */
  pairs: { reference: number; hypothesis: number }[];
}

/**
 * Matches the words of a hypothesis with those of its reference by the fewest edits, as for the word
 * error rate. Each written word is normalised by itself, so that it is known which one was right;
 * a number in figures does not match one in words.
 */
export function matchWords(
  reference: readonly string[],
  hypothesis: readonly string[],
): WordMatches {
  const referencePieces = piecesOf(reference);
  const hypothesisPieces = piecesOf(hypothesis);
  const matchOf = matches(referencePieces.pieces, hypothesisPieces.pieces);
  const correct = hypothesis.map(() => true);
  const partners = hypothesis.map(() => new Set<number>());
  for (const [at, word] of hypothesisPieces.wordOf.entries()) {
    const match = matchOf[at] ?? -1;
    if (match < 0) correct[word] = false;
    else partners[word]?.add(referencePieces.wordOf[match] ?? -1);
  }
  const counts = new Map<number, number>();
  for (const word of referencePieces.wordOf) counts.set(word, (counts.get(word) ?? 0) + 1);
  const found = new Map<number, number>();
  for (const match of matchOf) {
    const word = referencePieces.wordOf[match];
    if (word !== undefined) found.set(word, (found.get(word) ?? 0) + 1);
  }
  const pairs = hypothesis.flatMap((_, word) => {
    const [partner, ...others] = partners[word] ?? [];
    if (!correct[word] || partner === undefined || others.length > 0) return [];
    const pieces = hypothesisPieces.wordOf.filter((owner) => owner === word).length;
    const isWhole = counts.get(partner) === pieces && found.get(partner) === pieces;
    return isWhole ? [{ reference: partner, hypothesis: word }] : [];
  });
  return { correct, pairs };
}

/** A word without anything to score, such as a dash, has no piece and counts as right. */
function piecesOf(words: readonly string[]): Pieces {
  const pieces: string[] = [];
  const wordOf: number[] = [];
  for (const [index, word] of words.entries())
    for (const piece of normaliseEnglish(word).split(' ').filter(Boolean)) {
      pieces.push(piece);
      wordOf.push(index);
    }
  return { pieces, wordOf };
}

/** For each item of the hypothesis the one of the reference that it is, or -1 (Wagner and Fischer 1974, traced back). */
function matches(reference: readonly string[], hypothesis: readonly string[]): Int32Array {
  const width = hypothesis.length + 1;
  const steps = new Uint8Array((reference.length + 1) * width).fill(HYPOTHESIS_ALONE, 1, width);
  let above = Uint32Array.from({ length: width }, (_, column) => column);
  for (const [index, item] of reference.entries()) {
    const row = new Uint32Array(width);
    row[0] = index + 1;
    steps[(index + 1) * width] = REFERENCE_ALONE;
    for (let column = 1; column < width; column++) {
      const change = hypothesis[column - 1] === item ? 0 : 1;
      const both = (above[column - 1] ?? 0) + change;
      const referenceAlone = (above[column] ?? 0) + 1;
      const hypothesisAlone = (row[column - 1] ?? 0) + 1;
      const least = Math.min(both, referenceAlone, hypothesisAlone);
      row[column] = least;
      steps[(index + 1) * width + column] =
        least === both ? BOTH : least === referenceAlone ? REFERENCE_ALONE : HYPOTHESIS_ALONE;
    }
    above = row;
  }
  const found = new Int32Array(hypothesis.length).fill(-1);
  let at = reference.length;
  let column = hypothesis.length;
  while (at > 0 || column > 0) {
    const step = steps[at * width + column];
    if (step === BOTH) {
      at--;
      column--;
      if (reference[at] === hypothesis[column]) found[column] = at;
    } else if (step === REFERENCE_ALONE) at--;
    else column--;
  }
  return found;
}
