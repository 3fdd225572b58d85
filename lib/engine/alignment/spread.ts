/** A word's place, in samples: [startSample, endSample). */
export interface WordTime {
  startSample: number;
  endSample: number;
}

/**
 * Times for words of which nothing is known but the span they were said in: one after the other,
 * each as long as its letters make it. Whole samples, ordered, not overlapping, at least one sample
 * each; that last sets the end where the span has fewer samples than words.
 */
export function distributeWords(
  words: readonly string[],
  startSample: number,
  endSample: number,
): WordTime[] {
  const weights = words.map(letterCount);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const samples = Math.max(0, endSample - startSample - words.length);
  let letters = 0;
  let from = startSample;
  return weights.map((weight, index) => {
    letters += weight;
    // one sample for each word so far, and its part of all others
    const to = startSample + index + 1 + Math.round((samples * letters) / total);
    const time = { startSample: from, endSample: to };
    from = to;
    return time;
  });
}

/** Letters and figures of a word; 1 for one that has none, such as a dash. */
export function letterCount(word: string): number {
  return Math.max(1, word.match(/[\p{L}\p{N}]/gu)?.length ?? 0);
}
