/** `pendingWord` of a hypothesis whose history needs no new link. */
export const NO_LINK = -2;

/** `word` of a link that marks where the word being spelt began. */
export const WORD_BEGINS = -1;

/** Slots of the hash table at first: it grows when a frame has more than half as many rows. */
const FIRST_SLOTS = 2048;

/** The hash table is wiped before its numbers leave the range of 32 bits. */
const MAX_BASE = 2 ** 30;

/**
 * The hypotheses of one frame, as columns. Each is a node of the pronunciation tree together with
 * the last two words (`context`). Paths that end in a blank and paths that end in the last unit
 * have separate scores, because only the former may be followed by the same unit as a new one.
 */
export class Hypotheses {
  count = 0;
  readonly node: Int32Array;
  /** The last two words: `u << WORD_BITS | v`. */
  readonly context: Int32Array;
  /** Where the language model keeps the bigram of the context; -1 when it does not. */
  readonly bigram: Int32Array;
  /** The last unit said, also where the next word has not begun. */
  readonly lastUnit: Uint8Array;
  /** Log-probability of the paths that end in a blank, and of those that end in the last unit. */
  readonly blank: Float64Array;
  readonly spoken: Float64Array;
  /** `logAdd(blank, spoken)`; set when a frame is ranked. */
  readonly total: Float64Array;
  /** Language-model scores, look-ahead and word bonuses so far. */
  readonly extra: Float64Array;
  /** The newest link of the words so far; -1 for none. */
  readonly history: Int32Array;

  constructor(readonly capacity: number) {
    this.node = new Int32Array(capacity);
    this.context = new Int32Array(capacity);
    this.bigram = new Int32Array(capacity);
    this.lastUnit = new Uint8Array(capacity);
    this.blank = new Float64Array(capacity);
    this.spoken = new Float64Array(capacity);
    this.total = new Float64Array(capacity);
    this.extra = new Float64Array(capacity);
    this.history = new Int32Array(capacity);
  }
}

/**
 * The hypotheses that one frame makes, before the best are chosen. Those that meet at the same
 * node with the same context are merged: probabilities add up, and the better one's history stays.
 */
export class Candidates extends Hypotheses {
  readonly rank: Float64Array;
  /** The link to add to `history` should the candidate survive: see `Histories`. */
  readonly pendingWord: Int32Array;
  readonly pendingFrame: Int32Array;
  readonly pendingNode: Int32Array;
  /**
   * Open-addressing hash table from (node, context) to `base` + row. Each frame has a higher base,
   * so that what earlier frames left behind counts as empty and nothing has to be wiped.
   */
  private slots = new Int32Array(FIRST_SLOTS);
  private slotMask = FIRST_SLOTS - 1;
  private base = 1;

  constructor(capacity: number) {
    super(capacity);
    this.rank = new Float64Array(capacity);
    this.pendingWord = new Int32Array(capacity);
    this.pendingFrame = new Int32Array(capacity);
    this.pendingNode = new Int32Array(capacity);
  }

  /** Forgets all candidates. */
  clear(): void {
    this.base += this.count;
    this.count = 0;
    if (this.base < MAX_BASE) return;
    this.base = 1;
    this.slots.fill(0);
  }

  /**
   * Adds a hypothesis, or merges it into the one that is already in its state.
   * @returns whether it was the first there
   */
  put(
    node: number,
    context: number,
    bigram: number,
    blank: number,
    spoken: number,
    extra: number,
    lastUnit: number,
    history: number,
    pendingWord: number,
    pendingFrame: number,
    pendingNode: number,
  ): boolean {
    let slot = this.slotOf(node, context);
    let row = -1;
    for (;;) {
      const there = (this.slots[slot] ?? 0) - this.base;
      if (there < 0) break;
      if (this.node[there] === node && this.context[there] === context) {
        row = there;
        break;
      }
      slot = (slot + 1) & this.slotMask;
    }
    const isFirst = row < 0;
    if (isFirst) {
      row = this.count++;
      this.node[row] = node;
      this.context[row] = context;
      this.bigram[row] = bigram;
      this.blank[row] = blank;
      this.spoken[row] = spoken;
      this.slots[slot] = this.base + row;
      if (2 * this.count > this.slotMask) this.widen();
    } else {
      // both are brought to the extra score of the better one, so that their paths can be added
      const oldExtra = this.extra[row] ?? 0;
      const oldBlank = this.blank[row] ?? LOG_ZERO;
      const oldSpoken = this.spoken[row] ?? LOG_ZERO;
      const shift = oldExtra - extra;
      if (logAdd(blank, spoken) + extra <= logAdd(oldBlank, oldSpoken) + oldExtra) {
        this.blank[row] = logAdd(oldBlank, blank - shift);
        this.spoken[row] = logAdd(oldSpoken, spoken - shift);
        return false;
      }
      this.blank[row] = logAdd(oldBlank + shift, blank);
      this.spoken[row] = logAdd(oldSpoken + shift, spoken);
    }
    this.extra[row] = extra;
    this.lastUnit[row] = lastUnit;
    this.history[row] = history;
    this.pendingWord[row] = pendingWord;
    this.pendingFrame[row] = pendingFrame;
    this.pendingNode[row] = pendingNode;
    return isFirst;
  }

  private slotOf(node: number, context: number): number {
    const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(context, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.slotMask;
  }

  /** Doubles the hash table and puts this frame's rows into it again. */
  private widen(): void {
    const slots = 2 * this.slots.length;
    this.slots = new Int32Array(slots);
    this.slotMask = slots - 1;
    for (let row = 0; row < this.count; row++) {
      let slot = this.slotOf(this.node[row] ?? 0, this.context[row] ?? 0);
      while ((this.slots[slot] ?? 0) >= this.base) slot = (slot + 1) & this.slotMask;
      this.slots[slot] = this.base + row;
    }
  }
}

/** Links of words, each pointing to the one before: the beams share their common past. */
export class Histories {
  count = 0;
  past = new Int32Array(1 << 12);
  /** A word id, or `WORD_BEGINS`. */
  word = new Int32Array(1 << 12);
  /** The output frame at which the word began. */
  frame = new Int32Array(1 << 12);
  /** The node of the tree at which the word ended. */
  node = new Int32Array(1 << 12);

  add(past: number, word: number, frame: number, node: number): number {
    const at = this.count++;
    if (at === this.past.length) this.grow();
    this.past[at] = past;
    this.word[at] = word;
    this.frame[at] = frame;
    this.node[at] = node;
    return at;
  }

  private grow(): void {
    const twice = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const bigger = new Int32Array(2 * array.length);
      bigger.set(array);
      return bigger;
    };
    this.past = twice(this.past);
    this.word = twice(this.word);
    this.frame = twice(this.frame);
    this.node = twice(this.node);
  }
}

/** Stands for the logarithm of zero; finite, so that sums with it stay numbers. */
export const LOG_ZERO = -1e30;

/** Beyond this difference the smaller of two probabilities adds less than 1e-10 of the larger. */
const RANGE = 24;

/** Points of the table for each unit of difference. */
const STEPS = 128;

/**
 * log(1 + exp(-x)) at every 1/128. In single precision: `exp` and `log1p` may differ in their last
 * bits from engine to engine, and rounding takes that away. So a search gives the same bits in
 * every browser, and in the Python reference.
 */
const SOFT_PLUS = Float32Array.from({ length: RANGE * STEPS + 2 }, (_, at) =>
  Math.log1p(Math.exp(-at / STEPS)),
);

/** log(exp(a) + exp(b)) to 2e-6, by linear interpolation. */
export function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  const distance = (larger - Math.min(a, b)) * STEPS;
  if (distance >= RANGE * STEPS) return larger;
  const at = distance | 0;
  const from = SOFT_PLUS[at] ?? 0;
  return larger + (from + (distance - at) * ((SOFT_PLUS[at + 1] ?? 0) - from));
}
