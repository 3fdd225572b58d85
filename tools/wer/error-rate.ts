import { countErrors, type ErrorCounts } from '../../lib/engine/runtime/word-error-rate';
import { normaliseEnglish } from './english/normalise';

/** The score of one utterance, of texts normalised the same way. */
export interface Score {
  words: ErrorCounts;
  /** Spaces between words count as characters. */
  characters: ErrorCounts;
}

/** Scores a hypothesis; both texts are normalised first. */
export function scoreTexts(reference: string, hypothesis: string): Score {
  const referenceText = normaliseEnglish(reference);
  const hypothesisText = normaliseEnglish(hypothesis);
  return {
    words: countErrors(wordsOf(referenceText), wordsOf(hypothesisText)),
    characters: countErrors([...referenceText], [...hypothesisText]),
  };
}

/** The counts of several utterances together. */
export function sumCounts(all: Iterable<ErrorCounts>): ErrorCounts {
  const sum = { substitutions: 0, deletions: 0, insertions: 0, referenceLength: 0 };
  for (const counts of all) {
    sum.substitutions += counts.substitutions;
    sum.deletions += counts.deletions;
    sum.insertions += counts.insertions;
    sum.referenceLength += counts.referenceLength;
  }
  return sum;
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
