// How what is known of single words is shown.
import { tableLines } from '../command/table';
import type { AlternativeScores } from './alternative-scores';
import type { ConfidenceScores } from './confidence-scores';
import type { TimeErrors, TimeScores } from './time-scores';
import type { VocabularyScores } from './vocabulary-scores';

/** A figure's name, and what it is. */
type Row = [string, string];

const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`);
const percent = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`);

/** How far times are from those of the reference. */
export function timeRows({ words, matched, starts, ends }: TimeScores): Row[] {
  const shown = ({ meanMs, biasMs, p90Ms }: TimeErrors) =>
    `mean error ${ms(meanMs)}, bias ${ms(biasMs)}, 90 % within ${ms(p90Ms)}`;
  return [
    ['words with times compared', `${matched} of ${words}`],
    ['starts', shown(starts)],
    ['ends', shown(ends)],
  ];
}

/** How often words of each confidence were right. */
export function confidenceLines({
  words,
  bins,
  calibrationError,
  separation,
}: ConfidenceScores): string[] {
  const rows = bins.map((bin) => [
    `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}`,
    String(bin.words),
    percent(bin.confidence),
    percent(bin.correct),
  ]);
  return [
    ...tableLines(['confidence', 'words', 'mean', 'correct'], rows),
    `${words} words, expected calibration error ${calibrationError?.toFixed(3) ?? '–'}, ` +
      `right words told from wrong ones (area under the curve) ${separation?.toFixed(3) ?? '–'}`,
  ];
}

/** What pressing an alternative of a doubtful word would mend. */
export function alternativeRows({ doubtful, wrong, offered, mended }: AlternativeScores): Row[] {
  return [
    ['doubtful words', `${doubtful}, of which ${wrong} wrong`],
    ['alternatives', `beside ${offered} of the wrong ones; one of them mends ${mended}`],
  ];
}

/** How names of a vocabulary fared. */
export function vocabularyRows({ entries, said, found, inserted }: VocabularyScores): Row[] {
  return [
    ['vocabulary', `${entries} entries, said ${said} times`],
    ['recall', said === 0 ? '–' : `${percent(found / said)} (${found} of ${said})`],
    ['false insertions', String(inserted)],
  ];
}
