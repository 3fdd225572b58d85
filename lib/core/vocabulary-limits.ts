/**
 * What the user's own vocabulary may hold, so that it stays quick to search and to store with a job:
 * how many entries, and the characters and words of one.
 */
export const VOCABULARY_LIMITS = { entries: 500, characters: 60, words: 5 } as const;
