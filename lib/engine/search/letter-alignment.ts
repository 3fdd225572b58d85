/** A word as it is written, lower-case a-z and apostrophe, and as it is said, units from 1. */
export interface Spelling {
  word: string;
  units: ArrayLike<number>;
}

/** Codes of letters: 0 lies beyond a word's ends, 1 to 26 are a to z, 27 is the apostrophe. */
const LETTER_CODES = 28;

/** What a letter says fits into a byte, and one value stays free for "before the word". */
export const MAX_SOUNDS = 255;

/** Units are below this; a sound is its first unit times this plus its second (0: none). */
const UNIT_LIMIT = 64;
const SOUND_CODES = UNIT_LIMIT * UNIT_LIMIT;
/** Longer words than this are not learnt from. */
const MAX_LETTERS = 40;

/** Words that the probabilities are learnt from: more do not change them. */
const LEARN_FROM = 15_000;
const PASSES = 4;
/** Learnt from between two pauses: about 3 ms. */
export const WORDS_A_STEP = 500;
/** Weights of a letter that says nothing, one phone, or two, before anything is known. */
const FIRST_WEIGHTS = [0.3, 1, 0.1] as const;
/** A sound with less than this probability for a letter is an error of the dictionary. */
const MIN_PROBABILITY = 1e-4;

/** Code of a lower-case letter or an apostrophe; no meaning for anything else. */
export function letterCode(word: string, at: number): number {
  const code = word.charCodeAt(at);
  return code === 39 ? 27 : code - 96;
}

/**
 * Learns which letter says which phones: each letter says none, one or two. Expectation
 * maximisation over all ways to part the phones among the letters, as in Jiampojamarn, Kondrak and
 * Sherif, "Applying many-to-many alignments and hidden Markov models to letter-to-phoneme
 * conversion" (2007), with parts of one letter only.
 */
export class LetterAligner {
  /** Every sound that a letter can have, the most frequent first: its units, 0 to 2 of them. */
  readonly sounds: readonly (readonly number[])[];
  /** Index in `sounds` by code of the sound; `MAX_SOUNDS` for those that are not in it. */
  private readonly indexOf = new Uint8Array(SOUND_CODES).fill(MAX_SOUNDS);
  /** Log-probabilities by letter and sound. */
  private readonly scores: Float64Array;

  private constructor(probabilities: Float64Array) {
    const totals = new Float64Array(SOUND_CODES);
    for (let at = 0; at < probabilities.length; at++)
      if ((probabilities[at] ?? 0) >= MIN_PROBABILITY)
        totals[at % SOUND_CODES] = (totals[at % SOUND_CODES] ?? 0) + (probabilities[at] ?? 0);
    const codes = [...totals.keys()]
      .filter((code) => (totals[code] ?? 0) > 0)
      .sort((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0))
      .slice(0, MAX_SOUNDS);
    this.sounds = codes.map((code) =>
      [Math.floor(code / UNIT_LIMIT), code % UNIT_LIMIT].filter((unit) => unit > 0),
    );
    for (const [index, code] of codes.entries()) this.indexOf[code] = index;
    this.scores = probabilities.map((p) => (p >= MIN_PROBABILITY ? Math.log(p) : -Infinity));
  }

  /** @param pause called between steps of a few milliseconds */
  static async learn(
    spellings: readonly Spelling[],
    pause: () => Promise<void>,
  ): Promise<LetterAligner> {
    return new LetterAligner(await learn(spellings, pause));
  }

  /** The likeliest sound of each letter, as indices in `sounds`; `null` when none fit. */
  align({ word, units }: Spelling): number[] | null {
    const width = units.length + 1;
    if (!canAlign(word, units)) return null;
    const best = new Float64Array((word.length + 1) * width).fill(-Infinity);
    const taken = new Uint8Array(best.length);
    best[0] = 0;
    for (let letter = 0; letter < word.length; letter++)
      for (let unit = 0; unit < width; unit++) {
        const before = best[letter * width + unit] ?? -Infinity;
        if (before === -Infinity) continue;
        for (let count = 0; count <= 2 && unit + count < width; count++) {
          const code = soundCode(units, unit, count);
          if (this.indexOf[code] === MAX_SOUNDS) continue;
          const row = letterCode(word, letter) * SOUND_CODES;
          const score = before + (this.scores[row + code] ?? -Infinity);
          const to = (letter + 1) * width + unit + count;
          if (score > (best[to] ?? -Infinity)) {
            best[to] = score;
            taken[to] = count;
          }
        }
      }
    if (best.at(-1) === -Infinity) return null;
    const found: number[] = [];
    let unit = units.length;
    for (let letter = word.length; letter > 0; letter--) {
      const count = taken[letter * width + unit] ?? 0;
      unit -= count;
      found.push(this.indexOf[soundCode(units, unit, count)] ?? 0);
    }
    return found.reverse();
  }
}

function canAlign(word: string, units: ArrayLike<number>): boolean {
  return word.length <= MAX_LETTERS && units.length <= 2 * word.length;
}

function soundCode(units: ArrayLike<number>, from: number, count: number): number {
  if (count === 0) return 0;
  return (units[from] ?? 0) * UNIT_LIMIT + (count === 2 ? (units[from + 1] ?? 0) : 0);
}

/** Probabilities of the sounds of each letter, [LETTER_CODES, SOUND_CODES]. */
async function learn(
  spellings: readonly Spelling[],
  pause: () => Promise<void>,
): Promise<Float64Array> {
  let weights = new Float64Array(LETTER_CODES * SOUND_CODES);
  for (let at = 0; at < weights.length; at++) {
    const code = at % SOUND_CODES;
    weights[at] = FIRST_WEIGHTS[code === 0 ? 0 : code % UNIT_LIMIT === 0 ? 1 : 2];
  }
  const step = Math.max(1, spellings.length / LEARN_FROM);
  for (let pass = 0; pass < PASSES; pass++) {
    const counts = new Float64Array(weights.length);
    for (let at = 0, seen = 0; at < spellings.length; at += step, seen++) {
      if (seen % WORDS_A_STEP === 0) await pause();
      const spelling = spellings[Math.floor(at)];
      if (spelling && canAlign(spelling.word, spelling.units)) count(spelling, weights, counts);
    }
    weights = normalised(counts);
  }
  return weights;
}

/** Adds the expected use of every sound in one word: the forward-backward algorithm. */
function count({ word, units }: Spelling, weights: Float64Array, counts: Float64Array): void {
  const width = units.length + 1;
  const cells = (word.length + 1) * width;
  const forward = new Float64Array(cells);
  const backward = new Float64Array(cells);
  forward[0] = 1;
  backward[cells - 1] = 1;
  for (let letter = 0; letter < word.length; letter++) {
    const row = letterCode(word, letter) * SOUND_CODES;
    for (let unit = 0; unit < width; unit++) {
      const before = forward[letter * width + unit] ?? 0;
      if (before === 0) continue;
      for (let taken = 0; taken <= 2 && unit + taken < width; taken++) {
        const to = (letter + 1) * width + unit + taken;
        const weight = weights[row + soundCode(units, unit, taken)] ?? 0;
        forward[to] = (forward[to] ?? 0) + before * weight;
      }
    }
  }
  const total = forward[cells - 1] ?? 0;
  if (!(total > 0)) return;
  for (let letter = word.length - 1; letter >= 0; letter--) {
    const row = letterCode(word, letter) * SOUND_CODES;
    for (let unit = 0; unit < width; unit++) {
      const before = (forward[letter * width + unit] ?? 0) / total;
      let sum = 0;
      for (let taken = 0; taken <= 2 && unit + taken < width; taken++) {
        const at = row + soundCode(units, unit, taken);
        const after = (backward[(letter + 1) * width + unit + taken] ?? 0) * (weights[at] ?? 0);
        sum += after;
        counts[at] = (counts[at] ?? 0) + before * after;
      }
      backward[letter * width + unit] = sum;
    }
  }
}

function normalised(counts: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(counts.length);
  for (let row = 0; row < counts.length; row += SOUND_CODES) {
    const part = counts.subarray(row, row + SOUND_CODES);
    const sum = part.reduce((total, value) => total + value, 0);
    if (sum > 0) for (const [at, value] of part.entries()) out[row + at] = value / sum;
  }
  return out;
}
