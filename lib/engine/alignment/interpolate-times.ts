import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** A letter of a word that nothing is known of: the least time it gets, and the most. */
const MIN_SAMPLES = 0.03 * SAMPLE_RATE_HZ;
const MAX_SAMPLES = 0.15 * SAMPLE_RATE_HZ;

/**
 * Gives times to the words that could not be aligned: the time between the words around them, or, when
 * there is too little, a share of these words' own time.
 * @param known by index of the word: ordered, not overlapping, inside [0, samples]
 * @returns a time for each word: ordered, not overlapping, inside [0, samples] if that holds a sample each
 */
export function interpolateTimes(
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

/** The least time of a word for which there is no acoustic evidence. */
const NO_EVIDENCE_SAMPLES = 0.02 * SAMPLE_RATE_HZ;

/**
 * Times for words without acoustic evidence, where there is no time between the words
 * around them: the very end of the word before, which keeps half of its time at least. What is said
 * keeps its position.
 * @param known by index of the word, as `interpolateTimes` takes it
 * @returns these, with what could be given
 */
export function placeWithoutEvidence(
  withoutEvidence: ReadonlySet<number>,
  known: ReadonlyMap<number, WordTime>,
): Map<number, WordTime> {
  const times = new Map(known);
  for (const from of withoutEvidence) {
    if (withoutEvidence.has(from - 1)) continue;
    let to = from;
    while (withoutEvidence.has(to)) to++;
    const before = times.get(from - 1);
    const next = times.get(to);
    if (!before || !next) continue;
    const room = next.startSample - before.endSample;
    const missing = Math.ceil((to - from) * NO_EVIDENCE_SAMPLES) - room;
    if (missing <= 0) continue;
    const half = Math.floor((before.endSample - before.startSample) / 2);
    const end = before.endSample - Math.min(missing, half);
    // less than a sample for each: for `interpolateTimes` to solve
    if (next.startSample - end < to - from) continue;
    times.set(from - 1, { ...before, endSample: end });
    const run = Array.from({ length: to - from }, () => 'x');
    for (const [at, time] of distributeWords(run, end, next.startSample).entries())
      times.set(from + at, time);
  }
  return times;
}

interface Around {
  /** Times so far; the new ones are appended, the last may be shortened. */
  times: WordTime[];
  next: WordTime | undefined;
  samples: number;
}

/** Places words [from, to). @returns the next word */
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
  if (room >= Math.max(run.length, letters * MIN_SAMPLES)) {
    // of a long pause only what the words may have taken, beside the word that is known
    const taken = Math.min(room, Math.ceil(letters * MAX_SAMPLES));
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

/** A word's position, in samples: [startSample, endSample). */
export interface WordTime {
  startSample: number;
  endSample: number;
}

/**
 * Times for words of which nothing is known but the span they were said in: one after the other,
 * each as long as its letters make it. Whole samples, ordered, not overlapping, at least one sample
 * each; that last sets the end where the span has fewer samples than words.
 */
export function distributeWords(
  words: readonly string[],
  startSample: number,
  endSample: number,
): WordTime[] {
  const weights = words.map(letterCount);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const samples = Math.max(0, endSample - startSample - words.length);
  let letters = 0;
  let from = startSample;
  return weights.map((weight, index) => {
    letters += weight;
    // one sample for each word so far, and its part of all others
    const to = startSample + index + 1 + Math.round((samples * letters) / total);
    const time = { startSample: from, endSample: to };
    from = to;
    return time;
  });
}

/** Letters and figures of a word; 1 for one that has none, such as a dash. */
function letterCount(word: string): number {
  return Math.max(1, word.match(/[\p{L}\p{N}]/gu)?.length ?? 0);
}
