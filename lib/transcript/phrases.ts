import { isUnspaced } from '@/lib/core';

/**
 * A word or several that are looked for, in any case and with any punctuation around them or between them.
 * A word that holds one of them beside other letters is not meant: "Ann" is not in "Annual".
 */
export interface Phrase {
  /** In lower case, without punctuation; not empty. See `pieces`. */
  pieces: readonly string[];
  /** Only where its first letter is a capital: "Will" is a name, "will" is not. */
  isCapitalised: boolean;
}

/** A part of a word: letters and figures without punctuation between them. */
interface Piece {
  /** In lower case. */
  text: string;
  isCapitalised: boolean;
  /** The index of its word. */
  word: number;
}

/** Words [from, to] in which a phrase was found. */
export interface PhraseMatch {
  from: number;
  to: number;
  /** The index of the phrase. */
  phrase: number;
}

const PIECE = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * The parts that texts are compared by, so that "Schmidt's" and "Schmidt-Meyer" are found by "Schmidt". In
 * scripts that are written without spaces each letter is one: whether a name is a word of its own is a matter
 * of a dictionary there.
 */
function piecesOf(words: Iterable<string>): Piece[] {
  const found: Piece[] = [];
  let word = 0;
  for (const text of words) {
    for (const [run] of text.normalize('NFKC').matchAll(PIECE))
      for (const part of isUnspaced(run) ? run : [run]) {
        const lower = part.toLowerCase();
        found.push({ text: lower, isCapitalised: !part.startsWith(lower[0] ?? ''), word });
      }
    word += 1;
  }
  return found;
}

/** The phrase that a text is. @returns `null`: it has neither letters nor figures */
export function phraseOf(text: string, isCapitalised = false): Phrase | null {
  const pieces = piecesOf([text]).map((piece) => piece.text);
  return pieces.length > 0 ? { pieces, isCapitalised } : null;
}

/** A name for a phrase that those with the same words share. */
export const phraseKey = ({ pieces }: Phrase): string => pieces.join(' ');

/**
 * Where phrases are in words that follow each other: the longest of those that begin at a place, from the
 * beginning on, none over another. Together they leave no phrase behind.
 */
export function findPhrases(words: readonly string[], phrases: readonly Phrase[]): PhraseMatch[] {
  const byFirst = new Map<string, number[]>();
  phrases.forEach(({ pieces }, at) => {
    const first = pieces[0] ?? '';
    const known = byFirst.get(first);
    if (known) known.push(at);
    else byFirst.set(first, [at]);
  });
  const length = (at: number) => phrases[at]?.pieces.length ?? 0;
  for (const list of byFirst.values()) list.sort((a, b) => length(b) - length(a));
  const stream = piecesOf(words);
  const found: PhraseMatch[] = [];
  for (let at = 0; at < stream.length; ) {
    const start = at;
    const phrase = byFirst
      .get(stream[start]?.text ?? '')
      ?.find((one) => isAt(stream, start, phrases[one]));
    const first = stream[start]?.word;
    const last = stream[start + Math.max(1, length(phrase ?? -1)) - 1]?.word;
    if (phrase === undefined || first === undefined || last === undefined) {
      at += 1;
      continue;
    }
    found.push({ from: first, to: last, phrase });
    at += length(phrase);
    // whole words are taken out: what else they hold is gone with them
    while (stream[at]?.word === last) at += 1;
  }
  return found;
}

function isAt(stream: readonly Piece[], at: number, phrase: Phrase | undefined): boolean {
  if (!phrase) return false;
  if (phrase.isCapitalised && !stream[at]?.isCapitalised) return false;
  return phrase.pieces.every((piece, offset) => stream[at + offset]?.text === piece);
}
