/** The tree's first node: nothing of a word has been said. */
export const ROOT = 0;

/** Two 32-bit masks hold the units that may follow a node. */
export const MAX_UNITS = 64;

/** A node is 32 bytes, so that two share a line of the processor's cache: six numbers and a float. */
const NODE_INTS = 8;
const FIRST_CHILD = 0;
/** Units 0 to 31, and 32 to 63, for which there is a child. */
const CHILDREN_LOW = 1;
const CHILDREN_HIGH = 2;
/** words[WORD_START, WORD_START + WORD_COUNT) end here. */
const WORD_START = 3;
const WORD_COUNT = 4;
/** `parent << UNIT_BITS | unit`. */
const PARENT_AND_UNIT = 5;
const UNIT_BITS = 6;
/** Best score of the words below: what the search may hope for. At the root 0. */
const NODE_FLOATS = NODE_INTS / 2;
const LOOKAHEAD = 3;

/** A pronunciation with the word that it says. */
export interface Spoken {
  word: number;
  units: ArrayLike<number>;
  /** What the search may hope for on the way to the word (natural logarithm). */
  hope: number;
}

/**
 * The words' pronunciations as a tree in one flat table. The children of a node lie side by side,
 * in the order of their units, so that a bit mask and a population count find one.
 */
export class Lexicon {
  /** `NODE_INTS` whole numbers a node; the last two hold the float. */
  private ints: Int32Array;
  private floats: Float64Array;
  /** The words that end at nodes, node by node. */
  words: Int32Array;
  private nodes: number;
  private endings: number;
  /** The most words that end at one node. */
  maxHomophones = 0;
  /** The best hope of any word, at least 0. */
  maxHope = 0;

  /** An empty tree with room for this many nodes, the root included, and this many words. */
  constructor(nodes: number, words: number) {
    this.ints = new Int32Array(NODE_INTS * nodes);
    this.floats = new Float64Array(this.ints.buffer);
    this.words = new Int32Array(words);
    this.nodes = 1;
    this.endings = 0;
  }

  /** Best score of the words below a node (natural logarithm); 0 at the root. */
  hope(node: number): number {
    return this.floats[NODE_FLOATS * node + LOOKAHEAD] ?? 0;
  }

  private setHope(node: number, hope: number): void {
    this.floats[NODE_FLOATS * node + LOOKAHEAD] = hope;
  }

  /** The units 0 to 31 for which a node has a child, as bits. */
  childrenLow(node: number): number {
    return this.ints[NODE_INTS * node + CHILDREN_LOW] ?? 0;
  }

  /** The units 32 to 63 for which a node has a child, as bits. */
  childrenHigh(node: number): number {
    return this.ints[NODE_INTS * node + CHILDREN_HIGH] ?? 0;
  }

  hasChildren(node: number): boolean {
    return (this.childrenLow(node) | this.childrenHigh(node)) !== 0;
  }

  /** words[wordStart, wordEnd) end at a node. */
  wordStart(node: number): number {
    return this.ints[NODE_INTS * node + WORD_START] ?? 0;
  }

  wordEnd(node: number): number {
    return this.wordStart(node) + (this.ints[NODE_INTS * node + WORD_COUNT] ?? 0);
  }

  /** The child of a node by unit; -1 when there is none. */
  childOf(node: number, unit: number): number {
    const { ints } = this;
    const at = NODE_INTS * node;
    const low = ints[at + CHILDREN_LOW] ?? 0;
    const first = ints[at + FIRST_CHILD] ?? 0;
    if (unit < 32) {
      const bit = 1 << unit;
      return (low & bit) === 0 ? -1 : first + bitCount(low & (bit - 1));
    }
    const high = ints[at + CHILDREN_HIGH] ?? 0;
    const bit = 1 << (unit - 32);
    return (high & bit) === 0 ? -1 : first + bitCount(low) + bitCount(high & (bit - 1));
  }

  /** The words that end at a node. */
  wordsAt(node: number): Int32Array {
    return this.words.subarray(this.wordStart(node), this.wordEnd(node));
  }

  /** The units on the way from the root to a node: a pronunciation. */
  unitsTo(node: number): number[] {
    const units: number[] = [];
    for (let at = node; at !== ROOT; at = this.get(at, PARENT_AND_UNIT) >>> UNIT_BITS)
      units.push(this.get(at, PARENT_AND_UNIT) & (MAX_UNITS - 1));
    return units.reverse();
  }

  /**
   * Puts the next child of a node after all nodes that there are: children one after the other,
   * in the order of their units.
   */
  appendChild(node: number, unit: number, hope: number): number {
    const child = this.nodes++;
    if (!this.hasChildren(node)) this.set(node, FIRST_CHILD, child);
    this.markChild(node, unit);
    this.set(child, PARENT_AND_UNIT, (node << UNIT_BITS) | unit);
    this.setHope(child, hope);
    return child;
  }

  /** Sets the words that end at each node: pairs of node and word, in the order of the words. */
  setEnds(ends: readonly { node: number; word: number }[]): void {
    for (const { node } of ends) this.set(node, WORD_COUNT, this.get(node, WORD_COUNT) + 1);
    let start = 0;
    for (let node = 0; node < this.nodes; node++) {
      const count = this.get(node, WORD_COUNT);
      this.set(node, WORD_START, start);
      this.set(node, WORD_COUNT, 0);
      start += count;
      this.maxHomophones = Math.max(this.maxHomophones, count);
    }
    for (const { node, word } of ends) {
      const count = this.get(node, WORD_COUNT);
      this.words[this.get(node, WORD_START) + count] = word;
      this.set(node, WORD_COUNT, count + 1);
    }
    this.endings = ends.length;
  }

  /** The same tree with more words in it, or with more hope for words that it has. */
  with(additions: readonly Spoken[]): Lexicon {
    const copy = new Lexicon(1, 1);
    copy.ints = this.ints.slice();
    copy.floats = new Float64Array(copy.ints.buffer);
    copy.words = this.words.slice();
    copy.nodes = this.nodes;
    copy.endings = this.endings;
    copy.maxHomophones = this.maxHomophones;
    copy.maxHope = this.maxHope;
    for (const addition of additions) copy.insert(addition);
    return copy;
  }

  private insert({ word, units, hope }: Spoken): void {
    let node = ROOT;
    for (let at = 0; at < units.length; at++) {
      const unit = units[at] ?? 0;
      const child = this.childOf(node, unit);
      if (child < 0) node = this.addChild(node, unit, hope);
      else {
        node = child;
        this.setHope(node, Math.max(this.hope(node), hope));
      }
    }
    this.maxHope = Math.max(this.maxHope, hope);
    this.addEnd(node, word);
  }

  /** Moves a node's children to the end of the table, where there is room for one more. */
  private addChild(node: number, unit: number, hope: number): number {
    const first = this.get(node, FIRST_CHILD);
    const count = this.childCount(node);
    const place = this.nodes;
    this.reserveNodes(count + 1);
    this.markChild(node, unit);
    this.set(node, FIRST_CHILD, place);
    const made = this.childOf(node, unit);
    for (let at = 0; at < count; at++) {
      const from = first + at;
      const to = place + at + (place + at >= made ? 1 : 0);
      this.ints.copyWithin(NODE_INTS * to, NODE_INTS * from, NODE_INTS * (from + 1));
      this.adoptChildren(to);
    }
    this.set(made, PARENT_AND_UNIT, (node << UNIT_BITS) | unit);
    this.setHope(made, hope);
    return made;
  }

  /** Updates the parent number that a node's children hold, after the node has moved. */
  private adoptChildren(node: number): void {
    const first = this.get(node, FIRST_CHILD);
    for (let child = first; child < first + this.childCount(node); child++) {
      const unit = this.get(child, PARENT_AND_UNIT) & (MAX_UNITS - 1);
      this.set(child, PARENT_AND_UNIT, (node << UNIT_BITS) | unit);
    }
  }

  /** Sets the mask bit of the child with this unit. */
  private markChild(node: number, unit: number): void {
    if (unit < 32) this.set(node, CHILDREN_LOW, this.get(node, CHILDREN_LOW) | (1 << unit));
    else this.set(node, CHILDREN_HIGH, this.get(node, CHILDREN_HIGH) | (1 << (unit - 32)));
  }

  private get(node: number, field: number): number {
    return this.ints[NODE_INTS * node + field] ?? 0;
  }

  private set(node: number, field: number, value: number): void {
    this.ints[NODE_INTS * node + field] = value;
  }

  private childCount(node: number): number {
    return bitCount(this.get(node, CHILDREN_LOW)) + bitCount(this.get(node, CHILDREN_HIGH));
  }

  /** Moves the words of a node to the end of the list, and one more after them. */
  private addEnd(node: number, word: number): void {
    const ending = this.wordsAt(node);
    if (ending.includes(word)) return;
    const place = this.endings;
    this.endings += ending.length + 1;
    if (this.endings > this.words.length) {
      const bigger = new Int32Array(2 * this.endings);
      bigger.set(this.words);
      this.words = bigger;
    }
    this.words.set(ending, place);
    this.words[place + ending.length] = word;
    this.set(node, WORD_START, place);
    this.set(node, WORD_COUNT, ending.length + 1);
    this.maxHomophones = Math.max(this.maxHomophones, ending.length + 1);
  }

  private reserveNodes(count: number): void {
    this.nodes += count;
    if (NODE_INTS * this.nodes <= this.ints.length) return;
    const bigger = new Int32Array(NODE_INTS * (this.nodes + (this.nodes >> 3)));
    bigger.set(this.ints);
    this.ints = bigger;
    this.floats = new Float64Array(bigger.buffer);
  }
}

/** Number of set bits of a 32-bit integer, added up in parallel within it. */
function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
