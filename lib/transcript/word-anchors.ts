/** Where two texts have the same words, by numbers of their words. */
export interface Anchor {
  oldAt: number;
  newAt: number;
}

/** A part of a text, whose words are numbered. */
export interface Part {
  words: readonly number[];
  from: number;
  to: number;
}

/**
 * What two texts share beyond doubt: runs of so many words that each has once, as far as they come in one order
 * (patience diff). That takes as long as the texts are, whatever they have in common.
 * @param length of a run, in words
 */
export function findAnchors(before: Part, after: Part, length: number): Anchor[] {
  const olds = hashesOf(before, length);
  const table = new RunTable(olds);
  const found = table.placesIn(hashesOf(after, length));
  const pairs: Anchor[] = [];
  for (let at = 0; at < olds.length; at++) {
    const place = found[at] ?? NOWHERE;
    if (place < 0) continue;
    const pair = { oldAt: before.from + at, newAt: after.from + place };
    if (isSameRun(before.words, pair.oldAt, after.words, pair.newAt, length)) pairs.push(pair);
  }
  return longestRising(pairs);
}

const NOWHERE = -1;
const REPEATED = -2;

/** The hash of every run of so many words, in order. */
function hashesOf({ words, from, to }: Part, length: number): Int32Array {
  const hashes = new Int32Array(Math.max(0, to - from - length + 1));
  for (let at = 0; at < hashes.length; at++) {
    let hash = 0;
    for (let step = 0; step < length; step++) {
      hash = Math.imul(hash ^ (words[from + at + step] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hashes[at] = hash;
  }
  return hashes;
}

/** Where a text has each of its runs: a table without objects, since there are as many runs as words. */
class RunTable {
  readonly #hashes: Int32Array;
  readonly #mask: number;
  /** By hash, with open addressing; half of it stays empty. */
  readonly #places: Int32Array;

  constructor(hashes: Int32Array) {
    const size = 2 ** Math.ceil(Math.log2(2 * hashes.length + 2));
    this.#hashes = hashes;
    this.#mask = size - 1;
    this.#places = new Int32Array(size).fill(NOWHERE);
    this.#isRepeated = new Uint8Array(hashes.length);
    for (let at = 0; at < hashes.length; at++) {
      const slot = this.#slotOf(hashes[at] ?? 0);
      const place = this.#places[slot] ?? NOWHERE;
      if (place === NOWHERE) this.#places[slot] = at;
      else this.#isRepeated[place] = 1;
    }
  }

  /** Whether a run is there again, by its first place. */
  readonly #isRepeated: Uint8Array;

  /** For each run that this text has once: where another text has it once; negative: it does not. */
  placesIn(others: Int32Array): Int32Array {
    const found = new Int32Array(this.#hashes.length).fill(NOWHERE);
    for (let at = 0; at < others.length; at++) {
      const place = this.#places[this.#slotOf(others[at] ?? 0)] ?? NOWHERE;
      if (place === NOWHERE || this.#isRepeated[place] === 1) continue;
      found[place] = found[place] === NOWHERE ? at : REPEATED;
    }
    return found;
  }

  #slotOf(hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const place = this.#places[slot] ?? NOWHERE;
      if (place === NOWHERE || this.#hashes[place] === hash) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function isSameRun(
  before: readonly number[],
  oldAt: number,
  after: readonly number[],
  newAt: number,
  length: number,
): boolean {
  for (let step = 0; step < length; step++)
    if (before[oldAt + step] !== after[newAt + step]) return false;
  return true;
}

/** The longest list of pairs that rises in both `oldAt` and `newAt`; the pairs come in order of `oldAt`. */
function longestRising(pairs: readonly Anchor[]): Anchor[] {
  /** For rising lists of 1, 2, 3 … pairs, the last pair of the one with the smallest `newAt` at its end. */
  const ends: number[] = [];
  const previous = new Int32Array(pairs.length).fill(NOWHERE);
  pairs.forEach(({ newAt }, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.newAt ?? 0) < newAt) low = middle + 1;
      else high = middle;
    }
    previous[at] = ends[low - 1] ?? NOWHERE;
    ends[low] = at;
  });
  const rising: Anchor[] = [];
  for (let at = ends.at(-1) ?? NOWHERE; at >= 0; at = previous[at] ?? NOWHERE) {
    const pair = pairs[at];
    if (pair) rising.push(pair);
  }
  return rising.reverse();
}
