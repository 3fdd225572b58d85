import { countErrors } from '../../lib/engine/runtime/word-error-rate';
import { UNSURE_BELOW } from '../../lib/transcript/types';
import { normaliseEnglish } from './english/normalise';
import { matchWords } from './match-words';

/** What the alternatives of doubtful words are worth. */
export interface AlternativeScores {
  /** Words that are marked as doubtful. */
  doubtful: number;
  /** Of those, words that were not said. */
  wrong: number;
  /** Of the wrong ones, those beside which other words stand. */
  offered: number;
  /** Of the wrong ones, those for which one of these makes an error fewer. */
  mended: number;
}

/** Counts, recording by recording, how often a press on an alternative would mend a doubtful word. */
export function scoreAlternatives(
  recordings: Iterable<{
    reference: readonly string[];
    hypothesis: readonly {
      text: string;
      confidence: number;
      alternatives?: string[] | undefined;
    }[];
  }>,
): AlternativeScores {
  const scores: AlternativeScores = { doubtful: 0, wrong: 0, offered: 0, mended: 0 };
  for (const { reference, hypothesis } of recordings) {
    const texts = hypothesis.map(({ text }) => text);
    const { correct } = matchWords(reference, texts);
    const before = errorsOf(reference, texts);
    for (const [at, { confidence, alternatives = [] }] of hypothesis.entries()) {
      if (confidence >= UNSURE_BELOW) continue;
      scores.doubtful++;
      if (correct[at]) continue;
      scores.wrong++;
      if (alternatives.length > 0) scores.offered++;
      if (alternatives.some((other) => errorsOf(reference, texts.with(at, other)) < before))
        scores.mended++;
    }
  }
  return scores;
}

function errorsOf(reference: readonly string[], hypothesis: readonly string[]): number {
  const words = (texts: readonly string[]) =>
    normaliseEnglish(texts.join(' ')).split(' ').filter(Boolean);
  const { substitutions, deletions, insertions } = countErrors(words(reference), words(hypothesis));
  return substitutions + deletions + insertions;
}
