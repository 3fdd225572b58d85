import type { ConfidenceMap } from '@/lib/catalogue';
import type { RecognisedWord } from '@/lib/engine';

/** Probabilities nearer to 0 or 1 than this say no more than this does. */
const MIN_PROBABILITY = 1e-4;

/**
 * Words with the confidence that was calibrated for the model on training speech: the share of such words
 * that is right. `agreement`, which it is made from, is left out.
 * @param map `null`: nothing was learnt, and the confidence stays what the model gave
 */
export function withConfidence(
  words: readonly RecognisedWord[],
  map: ConfidenceMap | null,
): RecognisedWord[] {
  return words.map(({ agreement, ...word }) => ({
    ...word,
    confidence: map ? confidenceOf(word.confidence, agreement ?? null, map) : word.confidence,
  }));
}

function confidenceOf(
  model: number,
  agreement: number | null,
  { alone, heard }: ConfidenceMap,
): number {
  const score =
    heard && agreement !== null
      ? heard.bias + heard.model * logOdds(model) + heard.sound * logOdds(agreement)
      : alone.bias + alone.model * logOdds(model);
  return 1 / (1 + Math.exp(-score));
}

/** ln(p / (1 - p)), of a probability that is kept off 0 and 1. */
export function logOdds(probability: number): number {
  const kept = Math.min(Math.max(probability, MIN_PROBABILITY), 1 - MIN_PROBABILITY);
  return Math.log(kept / (1 - kept));
}
