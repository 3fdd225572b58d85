// How what is known of single words is shown.

import { tableLines } from '../command/table';
import { normaliseEnglish } from './english/normalise';
import type { AlternativeScores, ConfidenceScores, TimeErrors, TimeScores } from './word-scores';

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
