import { matchWords } from './match-words';

/** Bins of equal width, as in Guo et al. 2017, "On Calibration of Modern Neural Networks". */
const BINS = 10;

/** The words whose confidence lies in [from, to). */
export interface ConfidenceBin {
  from: number;
  to: number;
  words: number;
  /** Mean of their confidence, 0 to 1; `null` without words. */
  confidence: number | null;
  /** Part of them that was said, 0 to 1; `null` without words. */
  correct: number | null;
}

export interface ConfidenceScores {
  words: number;
  bins: ConfidenceBin[];
  /**
   * Expected calibration error: the distance between confidence and correctness of a bin, averaged
   * over the words; 0 to 1, `null` without words.
   */
  calibrationError: number | null;
  /**
   * How often a right word has the higher confidence of a right and a wrong one (area under the ROC
   * curve, ties count half); `null` where there are not both.
   */
  separation: number | null;
}

/** Compares how sure the model was of its words with how many of them were said. */
export function scoreConfidence(
  recordings: Iterable<{
    reference: readonly string[];
    hypothesis: readonly { text: string; confidence: number }[];
  }>,
): ConfidenceScores {
  const words: { confidence: number; correct: boolean }[] = [];
  for (const { reference, hypothesis } of recordings) {
    const { correct } = matchWords(
      reference,
      hypothesis.map(({ text }) => text),
    );
    for (const [at, { confidence }] of hypothesis.entries())
      words.push({ confidence, correct: correct[at] ?? false });
  }
  const bins = Array.from({ length: BINS }, (_, bin): ConfidenceBin => {
    const own = words.filter(({ confidence }) => binOf(confidence) === bin);
    const right = own.filter(({ correct }) => correct).length;
    const sum = own.reduce((total, { confidence }) => total + confidence, 0);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      words: own.length,
      confidence: own.length === 0 ? null : sum / own.length,
      correct: own.length === 0 ? null : right / own.length,
    };
  });
  const error = bins.reduce(
    (sum, bin) => sum + bin.words * Math.abs((bin.confidence ?? 0) - (bin.correct ?? 0)),
    0,
  );
  return {
    words: words.length,
    bins,
    calibrationError: words.length === 0 ? null : error / words.length,
    separation: separationOf(words),
  };
}

function binOf(confidence: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.floor(confidence * BINS)));
}

/** By the ranks of the right words (Mann and Whitney 1947). */
function separationOf(words: readonly { confidence: number; correct: boolean }[]): number | null {
  const sorted = [...words].sort((a, b) => a.confidence - b.confidence);
  const right = sorted.filter(({ correct }) => correct).length;
  const wrong = sorted.length - right;
  if (right === 0 || wrong === 0) return null;
  let ranks = 0;
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]?.confidence === sorted[at]?.confidence) end++;
    const rank = (at + 1 + end) / 2;
    ranks += rank * sorted.slice(at, end).filter(({ correct }) => correct).length;
    at = end;
  }
  return (ranks - (right * (right + 1)) / 2) / (right * wrong);
}
