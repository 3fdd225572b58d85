import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { distributeWords, letterCount, type WordTime } from './spread';

/** A letter of a word that nothing is known of: the least time it gets, and the most. */
const LEAST_SAMPLES = 0.03 * SAMPLE_RATE_HZ;
const MOST_SAMPLES = 0.15 * SAMPLE_RATE_HZ;

/**
 * Gives times to the words that could not be aligned: the time between the words around them, or, when
 * there is too little, a share of these words' own time.
 * @param known by index of the word: ordered, not overlapping, inside [0, samples]
 * @returns a time for each word: ordered, not overlapping, inside [0, samples] if that holds a sample each
 */
export function placeUnread(
  words: readonly string[],
  known: ReadonlyMap<number, WordTime>,
  samples: number,
): WordTime[] {
  const times: WordTime[] = [];
  for (let at = 0; at < words.length; ) {
    const time = known.get(at);
    if (time) {
      times.push(time);
      at++;
      continue;
    }
    let end = at;
    while (end < words.length && !known.has(end)) end++;
    at = placeRun(words, at, end, { times, next: known.get(end), samples });
  }
  return times;
}

/** What a word gets at least of which there is no trace in the sound. */
const TRACELESS_SAMPLES = 0.02 * SAMPLE_RATE_HZ;

/**
 * Times for words of which there is no trace in the sound, where there is no time between the words
 * around them: the very end of the word before, which keeps half of its time at least. What is said
 * keeps its place.
 * @param known by index of the word, as `placeUnread` takes it
 * @returns these, with what could be given
 */
export function placeTraceless(
  traceless: ReadonlySet<number>,
  known: ReadonlyMap<number, WordTime>,
): Map<number, WordTime> {
  const times = new Map(known);
  for (const from of traceless) {
    if (traceless.has(from - 1)) continue;
    let to = from;
    while (traceless.has(to)) to++;
    const before = times.get(from - 1);
    const next = times.get(to);
    if (!before || !next) continue;
    const room = next.startSample - before.endSample;
    const missing = Math.ceil((to - from) * TRACELESS_SAMPLES) - room;
    if (missing <= 0) continue;
    const half = Math.floor((before.endSample - before.startSample) / 2);
    const end = before.endSample - Math.min(missing, half);
    // less than a sample for each: for `placeUnread` to solve
    if (next.startSample - end < to - from) continue;
    times.set(from - 1, { ...before, endSample: end });
    const run = Array.from({ length: to - from }, () => 'x');
    for (const [at, time] of distributeWords(run, end, next.startSample).entries())
      times.set(from + at, time);
  }
  return times;
}

interface Around {
  /** Times so far; the new ones are put behind, the last may be shortened. */
  times: WordTime[];
  next: WordTime | undefined;
  samples: number;
}

/** Places words [from, to). @returns the word to go on with */
function placeRun(
  words: readonly string[],
  from: number,
  to: number,
  { times, next, samples }: Around,
): number {
  const run = words.slice(from, to);
  const letters = run.reduce((sum, word) => sum + letterCount(word), 0);
  const startSample = times.at(-1)?.endSample ?? 0;
  const endSample = next?.startSample ?? samples;
  const room = endSample - startSample;
  if (room >= Math.max(run.length, letters * LEAST_SAMPLES)) {
    // of a long pause only what the words may have taken, beside the word that is known
    const taken = Math.min(room, Math.ceil(letters * MOST_SAMPLES));
    const first = times.length === 0 && next ? endSample - taken : startSample;
    times.push(...distributeWords(run, first, first + taken));
    return to;
  }
  const before = times.pop();
  const first = before ? from - 1 : from;
  const last = next ? to + 1 : to;
  const span = [before?.startSample ?? startSample, next?.endSample ?? endSample] as const;
  times.push(...distributeWords(words.slice(first, last), ...span));
  return last;
}
