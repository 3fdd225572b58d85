/**
 * What the user's own vocabulary may hold, so that it stays quick to search and to store with a job:
 * how many entries, and the characters and words of one.
 */
export const VOCABULARY_LIMITS = { entries: 500, characters: 60, words: 5 } as const;

/** An entry of the user's vocabulary. */
export interface VocabularyEntry {
  /** As the text should have it. */
  written: string;
  /** How it sounds, in English spelling, where its letters do not say it: `Siobhan` as `shivawn`. */
  soundsLike: string | null;
}

/** Reads an entry: `Siobhan`, or `Siobhan = shivawn` for one that sounds otherwise than it reads. */
export function readEntry(entry: string): VocabularyEntry {
  const [written = '', ...rest] = entry.split('=').map((part) => tidySpaces(part));
  const soundsLike = rest.join(' ').trim();
  return { written, soundsLike: soundsLike === '' ? null : soundsLike };
}

/** The entries that can be used as they are written, each with single spaces: not empty, not too long, not too many. */
export function wordsWithinLimits(phrases: readonly string[]): string[] {
  return phrases
    .map((phrase) => readEntry(phrase).written)
    .filter(
      (phrase) =>
        phrase !== '' &&
        phrase.length <= VOCABULARY_LIMITS.characters &&
        phrase.split(' ').length <= VOCABULARY_LIMITS.words,
    )
    .slice(0, VOCABULARY_LIMITS.entries);
}

function tidySpaces(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}
