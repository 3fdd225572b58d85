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
