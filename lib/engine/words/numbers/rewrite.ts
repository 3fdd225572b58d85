import type { RecognisedWord } from '@/lib/engine';
import { distributeWords } from '@/lib/engine/alignment';

/** Some words in a row, and what is written in their place. */
export interface Rewrite {
  /** Index of the first word. */
  from: number;
  /** Index after the last. */
  to: number;
  /** At least one. */
  texts: readonly string[];
}

/** Pieces of an English text that are written as other words. */
export interface Found {
  /** Index after the last piece. */
  next: number;
  texts: string[];
}

/**
 * Puts texts in the place of words. They share the time of those words by their letters; they are as
 * sure as the least sure of them.
 * @param rewrites in order, none of them overlapping another
 */
export function rewriteWords(
  words: readonly RecognisedWord[],
  rewrites: readonly Rewrite[],
): RecognisedWord[] {
  const written: RecognisedWord[] = [];
  let at = 0;
  for (const { from, to, texts } of rewrites) {
    const replaced = words.slice(from, to);
    const [first, last] = [replaced[0], replaced.at(-1)];
    if (!first || !last) continue;
    written.push(...words.slice(at, from));
    const confidence = Math.min(...replaced.map((word) => word.confidence));
    for (const [index, time] of distributeWords(texts, first.startSample, last.endSample).entries())
      written.push({ text: texts[index] ?? '', ...time, confidence });
    at = to;
  }
  return [...written, ...words.slice(at)];
}

/** A word, and the marks around it. */
export interface MarkedWord {
  before: string;
  /** Without the marks. */
  core: string;
  after: string;
}

/** Takes marks off a word; signs that belong to a number stay with it. */
export function takeMarks(text: string): MarkedWord {
  const [, before = '', core = '', after = ''] =
    /^([^\p{L}\p{N}$€£¥+\-−#]*)(.*?)([^\p{L}\p{N}%°]*)$/su.exec(text) ?? [];
  return { before, core, after };
}
