import { createYielder } from '@/lib/core';
import {
  LetterAligner,
  letterCode,
  MAX_SOUNDS,
  type Spelling,
  WORDS_A_STEP,
} from './letter-alignment';

/** Hypotheses kept while a word is read. */
const BEAM = 4;
/** Sounds less likely than this are not followed. */
const MIN_PROBABILITY = 1e-3;
/** A second reading is given when it is at least this likely beside the first. */
const MIN_SECOND = 0.05;
const MAX_READINGS = 2;

interface Hypothesis {
  /** One for each letter so far. */
  sounds: number[];
  /** Log-probability. */
  score: number;
}

/**
 * Says words that are not in the word list, by what the list's own words teach: what each letter
 * says (`LetterAligner`) depends on the letters around it and on what those before it say
 * (`ContextTable`); a beam finds the likeliest whole readings.
 *
 * Measured on words held out of the lexicon, as listed in one of their pronunciations: of 30,000
 * frequent words a tenth came out right for 78 % (one of both readings: 87 %) with 4.8 % of the
 * phones wrong; of 60,000, half of them rare, for 70 % (81 %) with 7.0 %; of rare words and names
 * alone, learning from those 60,000, for 63 % (75 %) with 8.9 %.
 */
export class LetterToSound {
  private constructor(
    private readonly sounds: readonly (readonly number[])[],
    private readonly tables: readonly ContextTable[],
  ) {}

  /**
   * Learns from a lexicon: about a second for 60,000 words, in which the event loop turns, and 25
   * bytes a letter are kept. A word is read in about 3 ms.
   * @param entries written and spoken forms, units from 1 to 63; a word may come several times
   */
  static async learn(entries: Iterable<Spelling>): Promise<LetterToSound> {
    const pause = createYielder();
    const spellings: Spelling[] = [];
    for (const { word, units } of entries) {
      const plain = word.toLowerCase();
      // letters alone have names, which say nothing about reading
      if (plain.length > 1 && units.length > 0 && /^[a-z']+$/.test(plain))
        spellings.push({ word: plain, units });
    }
    const aligner = await LetterAligner.learn(spellings, pause);
    return new LetterToSound(aligner.sounds, await learnContexts(spellings, aligner, pause));
  }

  /**
   * How a word is read, best first: at most two ways, none when there is nothing to say.
   * @param word letters a to z and apostrophes; other characters are passed over
   */
  pronounce(word: string): number[][] {
    const plain = word.toLowerCase().replace(/[^a-z']/g, '');
    if (this.sounds.length === 0 || !/[a-z]/.test(plain)) return [];
    let beam: Hypothesis[] = [{ sounds: [], score: 0 }];
    for (let at = 0; at < plain.length; at++)
      beam = beam
        .flatMap((hypothesis) => this.extend(hypothesis, plain, at))
        .sort((a, b) => b.score - a.score)
        .slice(0, BEAM);
    return this.readings(beam);
  }

  private extend({ sounds, score }: Hypothesis, word: string, at: number): Hypothesis[] {
    const context: number[] = [];
    contextAt(word, at, sounds, context);
    const sums = new Float64Array(this.sounds.length);
    for (const table of this.tables) table.addProbabilities(context, sums);
    const next: Hypothesis[] = [];
    for (const [sound, sum] of sums.entries()) {
      const probability = sum / this.tables.length;
      if (probability >= MIN_PROBABILITY)
        next.push({ sounds: [...sounds, sound], score: score + Math.log(probability) });
    }
    return next;
  }

  /** The different readings among hypotheses that are sorted. */
  private readings(beam: readonly Hypothesis[]): number[][] {
    const least = (beam[0]?.score ?? 0) + Math.log(MIN_SECOND);
    const found = new Map<string, number[]>();
    for (const { sounds, score } of beam) {
      const units = sounds.flatMap((sound) => this.sounds[sound] ?? []);
      if (score < least || units.length === 0) continue;
      const name = units.join();
      if (!found.has(name)) found.set(name, units);
    }
    return [...found.values()].slice(0, MAX_READINGS);
  }
}

async function learnContexts(
  spellings: readonly Spelling[],
  aligner: LetterAligner,
  pause: () => Promise<void>,
): Promise<ContextTable[]> {
  const letters = spellings.reduce((sum, { word }) => sum + word.length, 0);
  const tables = ORDERS.map((order) => new ContextTable(order, letters));
  const context: number[] = [];
  for (const [index, spelling] of spellings.entries()) {
    if (index % WORDS_A_STEP === 0) await pause();
    const sounds = aligner.align(spelling);
    if (!sounds) continue;
    for (let at = 0; at < sounds.length; at++) {
      contextAt(spelling.word, at, sounds, context);
      for (const table of tables) table.add(context, sounds[at] ?? 0);
    }
  }
  return tables;
}

/** Bits of a letter's code, and of a sound's. */
const LETTER_BITS = 5;
const SOUND_BITS = 8;
const SOUND_SPAN = 2 ** SOUND_BITS;

/**
 * Where each part of a letter's context lies: a letter this many positions to the right, or what the
 * letter this many positions to the left says.
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

/** Counts over more occurrences than this are kept once made. */
const KEEP_ABOVE = 2000;

/**
 * The parts of a context, most important first. Three orders are asked and their answers averaged:
 * the first looks back over letters and what they say, the second ahead, the third to both sides.
 * With the sound itself each takes at most 52 bits: exact in a double.
 */
const ORDERS: readonly (readonly number[])[] = [
  [0, 8, 1, 9, 2, 10, 4],
  [0, 4, 5, 6, 8, 7, 1, 2],
  [0, 4, 8, 1, 5, 2, 6, 7],
];

/** Writes the context of one letter, part by part. @param sounds what the letters before it say */
function contextAt(word: string, at: number, sounds: readonly number[], into: number[]) {
  for (const [index, part] of PARTS.entries())
    if ('letter' in part) {
      const place = at + part.letter;
      into[index] = place < 0 || place >= word.length ? 0 : letterCode(word, place);
    } else into[index] = sounds[at - part.soundBefore] ?? MAX_SOUNDS;
}

/**
 * What every letter of a lexicon says in its context: one number for each, the context in its
 * high bits, most important part first. Sorted, all occurrences that share the first parts of a context
 * lie side by side, so that each longer context is a range in the range of the one before. That is
 * the tree of Daelemans and Van den Bosch, "Language-independent data-oriented grapheme-to-phoneme
 * conversion" (1997), without its nodes.
 */
class ContextTable {
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
