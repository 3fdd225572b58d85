import { letterCode, MAX_SOUNDS } from './letter-alignment';

/** Bits of a letter's code, and of a sound's. */
const LETTER_BITS = 5;
const SOUND_BITS = 8;
const SOUND_SPAN = 2 ** SOUND_BITS;

/**
 * Where each part of a letter's context lies: a letter so many places to the right, or what the
 * letter so many places to the left says.
 */
const PARTS = [
  { letter: 0 },
  { letter: -1 },
  { letter: -2 },
  { letter: -3 },
  { letter: 1 },
  { letter: 2 },
  { letter: 3 },
  { letter: 4 },
  { soundBefore: 1 },
  { soundBefore: 2 },
  { soundBefore: 3 },
] as const;

/** Counts over more places than this are kept once made. */
const KEEP_ABOVE = 2000;

/**
 * The parts of a context, most important first. Three orders are asked and their answers averaged:
 * the first looks back over letters and what they say, the second ahead, the third to both sides.
 * With the sound itself each takes at most 52 bits: exact in a double.
 */
export const ORDERS: readonly (readonly number[])[] = [
  [0, 8, 1, 9, 2, 10, 4],
  [0, 4, 5, 6, 8, 7, 1, 2],
  [0, 4, 8, 1, 5, 2, 6, 7],
];

/** Writes the context of one letter, part by part. @param sounds what the letters before it say */
export function contextAt(word: string, at: number, sounds: readonly number[], into: number[]) {
  for (const [index, part] of PARTS.entries())
    if ('letter' in part) {
      const place = at + part.letter;
      into[index] = place < 0 || place >= word.length ? 0 : letterCode(word, place);
    } else into[index] = sounds[at - part.soundBefore] ?? MAX_SOUNDS;
}

/**
 * What every letter of a lexicon says in its context: one number for each, the context in its
 * high bits, most important part first. Sorted, all places that share the first parts of a context
 * lie side by side, so that each longer context is a range in the range of the one before. That is
 * the tree of Daelemans and Van den Bosch, "Language-independent data-oriented grapheme-to-phoneme
 * conversion" (1997), without its nodes.
 */
export class ContextTable {
  private keys: Float64Array;
  private filled = 0;
  private isSorted = false;
  /** What each part is multiplied by. */
  private readonly scales: number[];
  /** By the range: counts of its sounds. */
  private readonly kept = new Map<number, Uint32Array>();
  private readonly counts = new Uint32Array(SOUND_SPAN);

  /**
   * @param order one of `ORDERS`
   * @param capacity letters that will be added, at most
   */
  constructor(
    private readonly order: readonly number[],
    capacity: number,
  ) {
    this.keys = new Float64Array(capacity);
    let bits = SOUND_BITS;
    this.scales = order
      .toReversed()
      .map((part) => {
        const scale = 2 ** bits;
        bits += 'letter' in (PARTS[part] ?? {}) ? LETTER_BITS : SOUND_BITS;
        return scale;
      })
      .reverse();
  }

  /** Adds what one letter says in its context; before the first question. */
  add(context: readonly number[], sound: number): void {
    let key = sound;
    for (let at = 0; at < this.order.length; at++)
      key += (context[this.order[at] ?? 0] ?? 0) * (this.scales[at] ?? 0);
    this.keys[this.filled++] = key;
  }

  /**
   * Adds the probability of each sound in a context: its counts, smoothed by those of ever shorter
   * contexts (Witten and Bell, "The zero-frequency problem", 1991, method C).
   * @param into indexed by sound
   */
  addProbabilities(context: readonly number[], into: Float64Array): void {
    if (!this.isSorted) this.sort();
    const smoothed = new Float64Array(into.length).fill(1 / into.length);
    let from = 0;
    let to = this.keys.length;
    let prefix = 0;
    for (let at = 0; at < this.order.length && from < to; at++) {
      const scale = this.scales[at] ?? 0;
      prefix += (context[this.order[at] ?? 0] ?? 0) * scale;
      from = this.firstNotBelow(prefix, from, to);
      to = this.firstNotBelow(prefix + scale, from, to);
      if (from < to) smooth(smoothed, this.countSounds(from, to), to - from);
    }
    for (let sound = 0; sound < into.length; sound++)
      into[sound] = (into[sound] ?? 0) + (smoothed[sound] ?? 0);
  }

  private sort(): void {
    this.keys = this.keys.slice(0, this.filled).sort();
    this.isSorted = true;
  }

  private countSounds(from: number, to: number): Uint32Array {
    const keep = to - from > KEEP_ABOVE;
    const range = from * this.keys.length + to;
    const known = keep && this.kept.get(range);
    if (known) return known;
    const counts = keep ? new Uint32Array(SOUND_SPAN) : this.counts.fill(0);
    for (let at = from; at < to; at++) {
      const sound = (this.keys[at] ?? 0) % SOUND_SPAN;
      counts[sound] = (counts[sound] ?? 0) + 1;
    }
    if (keep) this.kept.set(range, counts);
    return counts;
  }

  private firstNotBelow(key: number, from: number, to: number): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Mixes counts into the probabilities of a shorter context. @param total of the counts */
function smooth(probabilities: Float64Array, counts: Uint32Array, total: number): void {
  let kinds = 0;
  for (let sound = 0; sound < probabilities.length; sound++) if (counts[sound]) kinds++;
  for (let sound = 0; sound < probabilities.length; sound++)
    probabilities[sound] =
      ((counts[sound] ?? 0) + kinds * (probabilities[sound] ?? 0)) / (total + kinds);
}
