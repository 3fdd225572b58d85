import { takeMarks } from './rewrite';
import { COUNTED, COUNTED_ONE, CURRENCIES, ORDINALS, POUNDS, SCALES } from './vocabulary';

/** A word, or a part of one with hyphens. */
interface Piece {
  /** Small letters, without marks. */
  text: string;
  /** Index of its word. */
  word: number;
  /** Its word is over with it. */
  endsWord: boolean;
  /** A mark follows: nothing continues across it. */
  isClosed: boolean;
}

/** The words of an English text, as numbers are said in it. */
export class SaidWords {
  readonly pieces: readonly Piece[];

  /** @param texts words with their marks */
  constructor(texts: readonly string[]) {
    this.pieces = texts.flatMap((text, word) => {
      const { core, after } = takeMarks(text);
      const parts = core.toLowerCase().replace(/’/g, "'").split('-');
      return parts.map((part, at): Piece => {
        const endsWord = at === parts.length - 1;
        return { text: part, word, endsWord, isClosed: endsWord && after !== '' };
      });
    });
  }

  /** The text of a piece; '' after the last, and where a mark keeps it apart from those before. */
  at(index: number, from = index): string {
    for (let before = from; before < index; before++) if (this.pieces[before]?.isClosed) return '';
    return this.pieces[index]?.text ?? '';
  }

  /** Whether one of these words is right before a piece. */
  isBehind(at: number, words: ReadonlySet<string>): boolean {
    return at > 0 && words.has(this.at(at - 1)) && this.at(at, at - 1) !== '';
  }

  /** Whether what is counted comes here, right behind its number. */
  isCounted(at: number): boolean {
    const word = this.at(at, at - 1);
    return this.isUnit(at) || COUNTED.has(word) || COUNTED_ONE.has(word) || word === 'per';
  }

  /** Whether money, percent, or more of a number comes here. */
  isUnit(at: number): boolean {
    const word = this.at(at, at - 1);
    return CURRENCIES.has(word) || POUNDS.has(word) || word === 'percent' || SCALES.has(word);
  }

  /** Whether parts of a whole come here: "sixteenths". */
  isParts(at: number): boolean {
    const one = /^(.*)s$/.exec(this.at(at, at - 1))?.[1] ?? '';
    return one !== 'second' && ORDINALS.has(one);
  }

  /** Whether the number before this piece goes on with it. */
  isContinued(at: number, from: number): boolean {
    const word = this.at(at, from);
    return word === 'hundred' || word === 'point' || SCALES.has(word);
  }
}
