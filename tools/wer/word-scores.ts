import { countErrors } from '../../lib/engine/runtime/word-error-rate';
import { UNSURE_BELOW } from '../../lib/transcript/types';
import { normaliseEnglish } from './english/normalise';
import { matchWords } from './match-words';

/** Words with times, as a transcript and a manifest have them. */
export interface TimedWord {
  text: string;
  startMs: number;
  endMs: number;
}

/** How far times are from those of the reference, in ms; `null` where no word was matched. */
export interface TimeErrors {
  /** Mean distance. */
  meanMs: number | null;
  /** Mean difference: negative where the times are early. */
  biasMs: number | null;
  /** Nine of ten distances are at most this. */
  p90Ms: number | null;
}

export interface TimeScores {
  /** Words of the references. */
  words: number;
  /** Those that were recognised: only their times can be compared. */
  matched: number;
  starts: TimeErrors;
  ends: TimeErrors;
}

/** Compares the times of the words that were recognised, over all recordings. */
export function scoreTimes(
  recordings: Iterable<{ reference: readonly TimedWord[]; hypothesis: readonly TimedWord[] }>,
): TimeScores {
  const starts: number[] = [];
  const ends: number[] = [];
  let words = 0;
  for (const { reference, hypothesis } of recordings) {
    words += reference.length;
    const { pairs } = matchWords(reference.map(textOf), hypothesis.map(textOf));
    for (const pair of pairs) {
      const expected = reference[pair.reference];
      const actual = hypothesis[pair.hypothesis];
      if (!expected || !actual) continue;
      starts.push(actual.startMs - expected.startMs);
      ends.push(actual.endMs - expected.endMs);
    }
  }
  return { words, matched: starts.length, starts: errorsOf(starts), ends: errorsOf(ends) };
}

function textOf({ text }: TimedWord): string {
  return text;
}

function errorsOf(differences: readonly number[]): TimeErrors {
  const distances = differences.map(Math.abs).sort((a, b) => a - b);
  return {
    meanMs: mean(distances),
    biasMs: mean(differences),
    p90Ms: distances[Math.ceil(0.9 * distances.length) - 1] ?? null,
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Bins of equal width, as in Guo et al. 2017, "On Calibration of Modern Neural Networks". */
const BINS = 10;

/** The words whose confidence lies in [from, to). */
interface ConfidenceBin {
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
    const before = wordErrors(reference, texts);
    for (const [at, { confidence, alternatives = [] }] of hypothesis.entries()) {
      if (confidence >= UNSURE_BELOW) continue;
      scores.doubtful++;
      if (correct[at]) continue;
      scores.wrong++;
      if (alternatives.length > 0) scores.offered++;
      if (alternatives.some((other) => wordErrors(reference, texts.with(at, other)) < before))
        scores.mended++;
    }
  }
  return scores;
}

function wordErrors(reference: readonly string[], hypothesis: readonly string[]): number {
  const words = (texts: readonly string[]) =>
    normaliseEnglish(texts.join(' ')).split(' ').filter(Boolean);
  const { substitutions, deletions, insertions } = countErrors(words(reference), words(hypothesis));
  return substitutions + deletions + insertions;
}
