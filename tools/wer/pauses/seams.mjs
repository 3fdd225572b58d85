// What became of recordings that were joined, by the places where they lie.

/** Words further than this from all recordings were said by nobody. */
const TOLERANCE_MS = 500;
/** A phrase of so many words that is written more often than it was said was written twice. */
const PHRASE_WORDS = 5;

/**
 * What was heard in each recording, and in none.
 * @param {readonly {startMs: number, endMs: number}[]} places in order
 * @param {readonly {text: string, startMs: number, endMs: number}[]} words
 * @returns {{heard: string[], nowhere: string[]}} a text for each place; words that lie in none
 */
export function wordsByPlace(places, words) {
  /** @type {string[][]} */
  const heard = places.map(() => []);
  const nowhere = [];
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

/** @param {readonly string[]} words @returns {Map<string, number>} how often each phrase comes */
function phrases(words) {
  const counts = new Map();
  for (let at = 0; at + PHRASE_WORDS <= words.length; at++) {
    const phrase = words.slice(at, at + PHRASE_WORDS).join(' ');
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return counts;
}

/**
 * Phrases that were written twice, or more often than they were said.
 * @param {readonly string[]} said normalised words @param {readonly string[]} written
 * @returns {string[]}
 */
export function writtenTwice(said, written) {
  const known = phrases(said);
  return [...phrases(written)]
    .filter(([phrase, count]) => count > Math.max(1, known.get(phrase) ?? 0))
    .map(([phrase]) => phrase);
}
