import { AppError } from '../../core/errors';
import { FIRST_WORD, type LanguageModel } from './language-model';

/** The tree's first node: nothing of a word has been said. */
export const ROOT = 0;

/** Two 32-bit masks hold the units that may follow a node. */
const MAX_UNITS = 64;

/**
 * The words' pronunciations as a tree in flat arrays, indexed by node. The children of a node lie
 * side by side, in the order of their units, so that a bit mask and a population count find one.
 */
export interface Lexicon {
  readonly nodes: number;
  /** The unit that leads here; 0 at the root. */
  readonly unit: Uint8Array;
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  /** Units 0 to 31, and 32 to 63, for which there is a child. */
  readonly childrenLow: Int32Array;
  readonly childrenHigh: Int32Array;
  /** Best unigram log-probability of the words below: what the search may hope for. */
  readonly best: Float32Array;
  /** words[wordStart[n], wordStart[n + 1]) end at node n. */
  readonly wordStart: Int32Array;
  readonly words: Uint16Array;
  /** The most words that end at one node. */
  readonly maxHomophones: number;
}

/**
 * Builds the tree of all words of a language model.
 * @param phones the network's units by index; 0 is the blank
 * @throws MODEL_HASH_MISMATCH when a pronunciation has a phone that the network does not know
 */
export function buildLexicon(model: LanguageModel, phones: readonly string[]): Lexicon {
  if (phones.length > MAX_UNITS)
    throw new AppError('MODEL_HASH_MISMATCH', `${phones.length} units are more than ${MAX_UNITS}.`);
  const draft = draftTree(model, new Map(phones.map((phone, unit) => [phone, unit])));
  return flatten(draft);
}

/** The tree while it grows: children as linked lists, words as pairs of node and word. */
interface Draft {
  nodes: number;
  unit: Uint8Array;
  firstChild: Int32Array;
  sibling: Int32Array;
  best: Float32Array;
  ends: { node: number; word: number }[];
}

function draftTree(model: LanguageModel, unitOf: ReadonlyMap<string, number>): Draft {
  const spellings: { word: number; phones: string[] }[] = [];
  let most = 1;
  for (let word = FIRST_WORD; word < model.words.length; word++)
    for (const pronunciation of model.pronunciations[word] ?? []) {
      const phones = pronunciation.split(' ');
      most += phones.length;
      spellings.push({ word, phones });
    }
  const draft: Draft = {
    nodes: 1,
    unit: new Uint8Array(most),
    firstChild: new Int32Array(most).fill(-1),
    sibling: new Int32Array(most).fill(-1),
    best: new Float32Array(most).fill(Number.NEGATIVE_INFINITY),
    ends: [],
  };
  for (const { word, phones } of spellings) {
    const ahead = model.unigramScore(word);
    let node = ROOT;
    for (const phone of phones) {
      const unit = unitOf.get(phone);
      if (!unit) throw new AppError('MODEL_HASH_MISMATCH', `Unknown phone "${phone}".`);
      node = childOrNew(draft, node, unit);
      draft.best[node] = Math.max(draft.best[node] ?? ahead, ahead);
    }
    draft.ends.push({ node, word });
  }
  draft.best[ROOT] = 0;
  return draft;
}

function childOrNew(draft: Draft, node: number, unit: number): number {
  let child = draft.firstChild[node] ?? -1;
  while (child >= 0 && draft.unit[child] !== unit) child = draft.sibling[child] ?? -1;
  if (child >= 0) return child;
  const made = draft.nodes++;
  draft.unit[made] = unit;
  draft.sibling[made] = draft.firstChild[node] ?? -1;
  draft.firstChild[node] = made;
  return made;
}

/** Numbers the nodes anew, level by level, so that the children of each are neighbours. */
function flatten(draft: Draft): Lexicon {
  const { nodes } = draft;
  const oldOf = new Int32Array(nodes);
  const newOf = new Int32Array(nodes);
  const unit = new Uint8Array(nodes);
  const parent = new Int32Array(nodes);
  const firstChild = new Int32Array(nodes);
  const childrenLow = new Int32Array(nodes);
  const childrenHigh = new Int32Array(nodes);
  const best = new Float32Array(nodes);
  const children: number[] = [];
  let next = 1;
  for (let node = 0; node < nodes; node++) {
    const old = oldOf[node] ?? 0;
    unit[node] = draft.unit[old] ?? 0;
    best[node] = draft.best[old] ?? 0;
    firstChild[node] = next;
    children.length = 0;
    for (let at = draft.firstChild[old] ?? -1; at >= 0; at = draft.sibling[at] ?? -1)
      children.push(at);
    children.sort((a, b) => (draft.unit[a] ?? 0) - (draft.unit[b] ?? 0));
    for (const child of children) {
      const childUnit = draft.unit[child] ?? 0;
      if (childUnit < 32) childrenLow[node] = (childrenLow[node] ?? 0) | (1 << childUnit);
      else childrenHigh[node] = (childrenHigh[node] ?? 0) | (1 << (childUnit - 32));
      oldOf[next] = child;
      newOf[child] = next;
      parent[next] = node;
      next++;
    }
  }
  return {
    nodes,
    unit,
    parent,
    firstChild,
    childrenLow,
    childrenHigh,
    best,
    ...endsByNode(draft, newOf),
  };
}

function endsByNode(draft: Draft, newOf: Int32Array) {
  const wordStart = new Int32Array(draft.nodes + 1);
  for (const { node } of draft.ends) {
    const at = (newOf[node] ?? 0) + 1;
    wordStart[at] = (wordStart[at] ?? 0) + 1;
  }
  let maxHomophones = 0;
  for (let at = 1; at <= draft.nodes; at++) {
    maxHomophones = Math.max(maxHomophones, wordStart[at] ?? 0);
    wordStart[at] = (wordStart[at] ?? 0) + (wordStart[at - 1] ?? 0);
  }
  const words = new Uint16Array(draft.ends.length);
  const filled = wordStart.slice();
  for (const { node, word } of draft.ends) {
    const at = newOf[node] ?? 0;
    words[filled[at] ?? 0] = word;
    filled[at] = (filled[at] ?? 0) + 1;
  }
  return { wordStart, words, maxHomophones };
}

/** The child of a node by unit; -1 when there is none. */
export function childOf(lexicon: Lexicon, node: number, unit: number): number {
  const low = lexicon.childrenLow[node] ?? 0;
  const first = lexicon.firstChild[node] ?? 0;
  if (unit < 32) {
    const bit = 1 << unit;
    return (low & bit) === 0 ? -1 : first + bitCount(low & (bit - 1));
  }
  const high = lexicon.childrenHigh[node] ?? 0;
  const bit = 1 << (unit - 32);
  return (high & bit) === 0 ? -1 : first + bitCount(low) + bitCount(high & (bit - 1));
}

/** The units on the way from the root to a node: a pronunciation. */
export function unitsTo(lexicon: Lexicon, node: number): number[] {
  const units: number[] = [];
  for (let at = node; at !== ROOT; at = lexicon.parent[at] ?? ROOT)
    units.push(lexicon.unit[at] ?? 0);
  return units.reverse();
}

/** Number of set bits of a 32-bit integer, added up in parallel within it. */
function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
