import { existsSync, readFileSync } from 'node:fs';
import { parseVocabulary } from '../../lib/client/store/vocabulary';
import { countErrors, type ErrorCounts, errorRate } from '../../lib/engine/runtime/word-error-rate';
import type { Word } from '../../lib/transcript/types';
import { PlainError } from '../command/errors';
import { normaliseEnglish } from './english/normalise';
import {
  type AlternativeScores,
  type ConfidenceScores,
  scoreAlternatives,
  scoreConfidence,
  scoreTimes,
  type TimedWord,
  type TimeScores,
} from './word-scores';

/**
 * A custom vocabulary as the settings would take it.
 * @param path one entry a line
 * @throws {PlainError} when there is no such file, and for lines that cannot be used
 */
export function readVocabulary(path: string): string[] {
  if (!existsSync(path)) throw new PlainError(`There is no vocabulary ${path}.`);
  const { entries, refused } = parseVocabulary(readFileSync(path, 'utf8'));
  const [first] = refused;
  if (first)
    throw new PlainError(
      `${path}:${first.line}: "${first.text}" cannot be used (${first.problem}).`,
    );
  return entries;
}

/** What became of a recording. */
export interface Outcome {
  audio: string;
  reference: string;
  hypothesis: string;
  /** Why it failed. */
  error?: string;
}

/** One recording of the report. */
export interface ScoredItem extends Outcome {
  wer: number;
}

/** What `npm run wer` reports of all recordings together. */
export interface OutcomeScores {
  utterances: number;
  referenceWords: number;
  wer: number;
  cer: number;
  words: ErrorCounts;
  items: ScoredItem[];
}

/** Scores hypotheses and adds them up. */
export function scoreOutcomes(outcomes: readonly Outcome[]): OutcomeScores {
  const scored = outcomes.map((outcome) => ({
    outcome,
    score: scoreTexts(outcome.reference, outcome.hypothesis),
  }));
  const words = sumCounts(scored.map(({ score }) => score.words));
  const characters = sumCounts(scored.map(({ score }) => score.characters));
  return {
    utterances: outcomes.length,
    referenceWords: words.referenceLength,
    wer: errorRate(words),
    cer: errorRate(characters),
    words,
    items: scored.map(({ outcome: { audio, reference, hypothesis, error }, score }) => ({
      audio,
      reference,
      hypothesis,
      wer: errorRate(score.words),
      ...(error === undefined ? {} : { error }),
    })),
  };
}

/** A recording with what is known of its single words. */
export interface RecognisedWords {
  reference: string;
  referenceWords: readonly TimedWord[];
  words: readonly Word[];
}

/** What is measured of single words; only what was wanted. */
export interface WordScores {
  times?: TimeScores;
  confidence?: ConfidenceScores;
  alternatives?: AlternativeScores;
}

/** Scores what is known of single words. */
export function scoreWords(
  outcomes: readonly RecognisedWords[],
  { times, confidence }: { times: boolean; confidence: boolean },
): WordScores {
  const scores: WordScores = {};
  if (times)
    scores.times = scoreTimes(
      outcomes.map(({ referenceWords, words }) => ({
        reference: referenceWords,
        hypothesis: words,
      })),
    );
  if (confidence) {
    const recordings = outcomes.map(({ reference, words }) => ({
      reference: reference.split(/\s+/),
      hypothesis: words,
    }));
    scores.confidence = scoreConfidence(recordings);
    scores.alternatives = scoreAlternatives(recordings);
  }
  return scores;
}

/** The score of one utterance, of texts normalised the same way. */
interface Score {
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
