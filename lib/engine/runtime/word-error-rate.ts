/**
 * Word error rate of a text against its reference: substitutions, deletions and insertions by
 * reference words. Case and punctuation do not count. Can exceed 1; of an empty reference it is 0 or 1.
 */
export function wordErrorRate(reference: string, text: string): number {
  const wanted = wordsOf(reference);
  const got = wordsOf(text);
  if (wanted.length === 0) return got.length === 0 ? 0 : 1;
  // edit distance, row by row (Wagner and Fischer 1974)
  let previous = Array.from({ length: got.length + 1 }, (_, at) => at);
  for (const [row, word] of wanted.entries()) {
    const current = [row + 1];
    for (const [at, other] of got.entries()) {
      const changed = (previous[at] ?? 0) + (word === other ? 0 : 1);
      current.push(Math.min(changed, (previous[at + 1] ?? 0) + 1, (current[at] ?? 0) + 1));
    }
    previous = current;
  }
  return (previous[got.length] ?? 0) / wanted.length;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}'\s]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
}
