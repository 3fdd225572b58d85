/**
 * What the user's own vocabulary may hold, so that it stays quick to search and to store with a job:
 * how many entries, and the characters and words of one.
 */
export const VOCABULARY_LIMITS = { entries: 500, characters: 60, words: 5 } as const;

/** The phrases that can be used, each with single spaces: not empty, not too long, not too many. */
export function wordsWithinLimits(phrases: readonly string[]): string[] {
  return phrases
    .map((phrase) => phrase.normalize('NFC').trim().replace(/\s+/g, ' '))
    .filter(
      (phrase) =>
        phrase !== '' &&
        phrase.length <= VOCABULARY_LIMITS.characters &&
        phrase.split(' ').length <= VOCABULARY_LIMITS.words,
    )
    .slice(0, VOCABULARY_LIMITS.entries);
}
