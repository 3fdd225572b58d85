import { normaliseEnglish } from './english/normalise';

/** How a list of names fared. */
export interface VocabularyScores {
  /** Entries of the list. */
  entries: number;
  /** Times that one of them was said. */
  said: number;
  /** Of those, times that it was written. */
  found: number;
  /** Times that one was written where it was not said. */
  inserted: number;
}

/**
 * Counts the entries of a vocabulary in what was said and in what was written, recording by recording.
 * Capitals and marks do not count, nor does where in a recording a name stands.
 * @param texts one recording each
 */
export function scoreVocabulary(
  entries: readonly string[],
  texts: readonly { reference: string; hypothesis: string }[],
): VocabularyScores {
  const wanted = [...new Set(entries.map(normaliseEnglish))].filter((entry) => entry !== '');
  const scores: VocabularyScores = { entries: wanted.length, said: 0, found: 0, inserted: 0 };
  for (const { reference, hypothesis } of texts) {
    const [said, written] = [normaliseEnglish(reference), normaliseEnglish(hypothesis)];
    for (const entry of wanted) {
      const [wasSaid, isWritten] = [timesIn(said, entry), timesIn(written, entry)];
      scores.said += wasSaid;
      scores.found += Math.min(wasSaid, isWritten);
      scores.inserted += Math.max(0, isWritten - wasSaid);
    }
  }
  return scores;
}

/** How often a phrase is in a text; both are words with one space between. */
function timesIn(text: string, phrase: string): number {
  // a word between two of them belongs to both
  return ` ${text.replaceAll(' ', '  ')} `.split(` ${phrase.replaceAll(' ', '  ')} `).length - 1;
}
