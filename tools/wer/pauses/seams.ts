// The text of recordings that were joined, by the places where they are.
import type { TimedWord } from '../word-scores';

/** Words further than this from all recordings were said by nobody. */
const TOLERANCE_MS = 500;
/** Words of a phrase that is looked for. */
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
 * Phrases that are written more often in two neighbouring recordings than they were said there, where as many words are
 * written too many: a phrase that was said twice and misheard twice takes the place of what was said.
 * @param said normalised words of each recording, in order, as are those that were written
 */
export function writtenTwice(
  said: readonly (readonly string[])[],
  written: readonly (readonly string[])[],
): string[] {
  const found = new Set<string>();
  for (const at of said.keys()) {
    const saidHere = said.slice(at, at + 2).flat();
    const writtenHere = written.slice(at, at + 2).flat();
    if (writtenHere.length < saidHere.length + PHRASE_WORDS) continue;
    const known = phrases(saidHere);
    for (const [phrase, count] of phrases(writtenHere))
      if (count > Math.max(1, known.get(phrase) ?? 0)) found.add(phrase);
  }
  return [...found];
}
