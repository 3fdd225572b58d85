import { wordsWithinLimits } from '@/lib/engine';
import type { WritingTokenizer } from '@/lib/engine/words';
import type { HotScores, HotTokens } from './hot-search';
import { buildTokenTree, type TokenEdges, type TokenTree } from './token-tree';

const NO_PART_OF_A_WORD = /^[^\p{L}\p{M}\p{N}]/u;
const ENDS_OUTSIDE = /[^\p{L}\p{M}\p{N}]$/u;

/** The user's vocabulary in terms of a model that writes pieces of words. */
export class HotWordTokens {
  private readonly edges: TokenEdges;
  /** Of the list asked for last: a job has one. */
  private made: { key: string; tree: TokenTree | null } | null = null;

  constructor(
    private readonly tokenizer: Pick<WritingTokenizer, 'decode' | 'encode' | 'isSpecial'>,
    private readonly scores: HotScores,
  ) {
    this.edges = edgesOf(tokenizer);
  }

  /**
   * @param phrases those that are empty or beyond `VOCABULARY_LIMITS` are left out
   * @returns `null` when none is left
   */
  read(phrases: readonly string[]): HotTokens | null {
    if (phrases.length === 0) return null;
    const key = JSON.stringify(phrases);
    if (this.made?.key !== key) this.made = { key, tree: this.plant(phrases) };
    const { tree } = this.made;
    return tree && { tree, ...this.scores };
  }

  private plant(phrases: readonly string[]): TokenTree | null {
    const words = wordsWithinLimits(phrases)
      .flatMap(waysToWrite)
      .map((text) => this.tokenizer.encode(text));
    return buildTokenTree(words, this.edges);
  }
}

/**
 * A phrase in the letters that a model may use: as written, as at the beginning of a sentence, and in
 * small letters; each after a space and, as after a bracket, without one.
 */
function waysToWrite(phrase: string): string[] {
  const [first = '', ...rest] = phrase;
  const cases = new Set([phrase, first.toUpperCase() + rest.join(''), phrase.toLowerCase()]);
  return [...cases].flatMap((text) => [` ${text}`, text]);
}

function edgesOf({
  decode,
  encode,
  isSpecial,
}: Pick<WritingTokenizer, 'decode' | 'encode' | 'isSpecial'>): TokenEdges {
  const known = new Map<number, { begins: boolean; opens: boolean }>();
  // some decoders take away the space that a text begins with
  let before: readonly number[] | null = null;
  const of = (token: number) => {
    let edge = known.get(token);
    if (!edge) {
      before ??= encode('a');
      const text = decode([...before, token]).slice(decode(before).length);
      const isMark = isSpecial(token);
      edge = {
        begins: isMark || NO_PART_OF_A_WORD.test(text),
        opens: isMark || ENDS_OUTSIDE.test(text),
      };
      known.set(token, edge);
    }
    return edge;
  };
  return { begins: (token) => of(token).begins, opens: (token) => of(token).opens };
}
