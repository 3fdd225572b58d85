// The text of recordings that were joined, by the places where they are.
import type { TimedWord } from '../time-scores';

/** Words further than this from all recordings were said by nobody. */
const TOLERANCE_MS = 500;
/** A phrase of so many words that is written more often than it was said was written twice. */
const PHRASE_WORDS = 5;

/** Where a recording lies among others. */
export interface Place {
  startMs: number;
  endMs: number;
}

/** A text for each place, and words that lie in none. */
export interface WordsByPlace {
  heard: string[];
  nowhere: string[];
}

/** What was recognised in each recording, and in none. @param places in order */
export function wordsByPlace(places: readonly Place[], words: readonly TimedWord[]): WordsByPlace {
  const heard: string[][] = places.map(() => []);
  const nowhere: string[] = [];
  for (const { text, startMs, endMs } of words) {
    const middle = (startMs + endMs) / 2;
    const away = places.map(({ startMs: from, endMs: to }) =>
      Math.max(from - middle, middle - to, 0),
    );
    const least = Math.min(...away);
    if (least <= TOLERANCE_MS) heard[away.indexOf(least)]?.push(text);
    else nowhere.push(text);
  }
  return { heard: heard.map((texts) => texts.join(' ')), nowhere };
}

/** How often each phrase comes. */
function phrases(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + PHRASE_WORDS <= words.length; at++) {
    const phrase = words.slice(at, at + PHRASE_WORDS).join(' ');
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return counts;
}

/**
 * Phrases that were written twice, or more often than they were said.
 * @param said normalised words, as are those that were written
 */
export function writtenTwice(said: readonly string[], written: readonly string[]): string[] {
  const known = phrases(said);
  return [...phrases(written)]
    .filter(([phrase, count]) => count > Math.max(1, known.get(phrase) ?? 0))
    .map(([phrase]) => phrase);
}
