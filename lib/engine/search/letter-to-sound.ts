import { createYielder } from '@/lib/core';
import { LetterAligner, type Spelling, WORDS_A_STEP } from './letter-alignment';
import { ContextTable, contextAt, ORDERS } from './letter-contexts';

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
