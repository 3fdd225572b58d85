import { existsSync, readFileSync } from 'node:fs';
import { PlainError } from '../app/app.mjs';
import { importTypeScript } from '../command/typescript.mjs';

/**
 * A custom vocabulary as the settings would take it.
 * @param {string} path one entry a line
 * @returns {Promise<string[]>}
 * @throws {PlainError} when there is no such file, and for lines that cannot be used
 */
export async function readVocabulary(path) {
  if (!existsSync(path)) throw new PlainError(`There is no vocabulary ${path}.`);
  const { parseVocabulary } = await importTypeScript('lib/store/vocabulary.ts');
  const { entries, refused } = parseVocabulary(readFileSync(path, 'utf8'));
  const [first] = refused;
  if (first)
    throw new PlainError(
      `${path}:${first.line}: "${first.text}" cannot be used (${first.problem}).`,
    );
  return entries;
}

/** How often the entries of a vocabulary were said, found and made up. @param {string[]} entries */
export async function scoreNames(entries, outcomes) {
  const { scoreVocabulary } = await importTypeScript('tools/wer/vocabulary-scores.ts');
  return scoreVocabulary(entries, outcomes);
}

/**
 * Scores hypotheses and adds them up, as `npm run wer` reports it.
 * @param {{audio: string, reference: string, hypothesis: string, error?: string}[]} outcomes
 */
export async function scoreOutcomes(outcomes) {
  const { errorRate } = await importTypeScript('lib/asr/word-error-rate.ts');
  const { scoreTexts, sumCounts } = await importTypeScript('tools/wer/error-rate.ts');
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

/**
 * Scores what is known of single words.
 * @param {{reference: string, referenceWords: {text: string, startMs: number, endMs: number}[],
 *   words: {text: string, startMs: number, endMs: number, confidence: number}[]}[]} outcomes
 * @param {{times: boolean, confidence: boolean}} wanted
 */
export async function scoreWords(outcomes, { times, confidence }) {
  const scores = {};
  if (times) {
    const { scoreTimes } = await importTypeScript('tools/wer/time-scores.ts');
    scores.times = scoreTimes(
      outcomes.map(({ referenceWords, words }) => ({
        reference: referenceWords,
        hypothesis: words,
      })),
    );
  }
  if (confidence) {
    const { scoreConfidence } = await importTypeScript('tools/wer/confidence-scores.ts');
    scores.confidence = scoreConfidence(
      outcomes.map(({ reference, words }) => ({
        reference: reference.split(/\s+/),
        hypothesis: words,
      })),
    );
  }
  return scores;
}
