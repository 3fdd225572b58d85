// How what is known of single words is shown: `lib/transcript/{time,confidence}-scores.ts` count it.
import { tableLines } from '../command/table.mjs';

const ms = (value) => (value === null ? '–' : `${value.toFixed(1)} ms`);
const percent = (value) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);

/** @param {import('./time-scores').TimeScores} scores */
export function timeRows({ words, matched, starts, ends }) {
  const shown = ({ meanMs, biasMs, p90Ms }) =>
    `mean error ${ms(meanMs)}, bias ${ms(biasMs)}, 90 % within ${ms(p90Ms)}`;
  return [
    ['words with times compared', `${matched} of ${words}`],
    ['starts', shown(starts)],
    ['ends', shown(ends)],
  ];
}

/** @param {import('./confidence-scores').ConfidenceScores} scores */
export function confidenceLines({ words, bins, calibrationError, separation }) {
  const rows = bins.map(({ from, to, words, confidence, correct }) => [
    `${from.toFixed(1)} to ${to.toFixed(1)}`,
    String(words),
    percent(confidence),
    percent(correct),
  ]);
  return [
    ...tableLines(['confidence', 'words', 'mean', 'correct'], rows),
    `${words} words, expected calibration error ${calibrationError?.toFixed(3) ?? '–'}, ` +
      `right words told from wrong ones (area under the curve) ${separation?.toFixed(3) ?? '–'}`,
  ];
}

/** @param {import('./vocabulary-scores').VocabularyScores} scores */
export function vocabularyRows({ entries, said, found, inserted }) {
  return [
    ['vocabulary', `${entries} entries, said ${said} times`],
    ['recall', said === 0 ? '–' : `${percent(found / said)} (${found} of ${said})`],
    ['false insertions', String(inserted)],
  ];
}
