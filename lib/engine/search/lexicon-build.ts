import { AppError } from '@/lib/core';
import { FIRST_WORD, type LanguageModel, unitsOf } from './language-model';
import { Lexicon, MAX_UNITS, ROOT } from './lexicon';

/** The tree while it grows: children as linked lists, words as pairs of node and word. */
interface Draft {
  nodes: number;
  unit: Uint8Array;
  firstChild: Int32Array;
  sibling: Int32Array;
  hope: Float32Array;
  ends: { node: number; word: number }[];
}

/**
 * Builds the tree of all words of a language model.
 * @param units the width of the network's output; unit 0 is the blank
 * @throws MODEL_HASH_MISMATCH when a pronunciation has a unit that the network does not know
 */
export function buildLexicon(model: LanguageModel, units: number): Lexicon {
  if (units > MAX_UNITS)
    throw new AppError('MODEL_HASH_MISMATCH', `${units} units are more than ${MAX_UNITS}.`);
  return flatten(draftTree(model, units));
}

function draftTree(model: LanguageModel, units: number): Draft {
  let most = 1;
  for (const all of model.pronunciations) for (const { length } of all) most += length;
  const draft: Draft = {
    nodes: 1,
    unit: new Uint8Array(most),
    firstChild: new Int32Array(most).fill(-1),
    sibling: new Int32Array(most).fill(-1),
    // sixteenths of small whole numbers are exact in single precision
    hope: new Float32Array(most).fill(Number.NEGATIVE_INFINITY),
    ends: [],
  };
  for (let word = FIRST_WORD; word < model.words.length; word++) {
    const hope = model.unigramScore(word);
    for (const pronunciation of model.pronunciations[word] ?? []) {
      let node = ROOT;
      for (const unit of unitsOf(pronunciation)) {
        if (unit === 0 || unit >= units)
          throw new AppError('MODEL_HASH_MISMATCH', `"${model.words[word]}" has unit ${unit}.`);
        node = childOrNew(draft, node, unit);
        if (hope > (draft.hope[node] ?? 0)) draft.hope[node] = hope;
      }
      if (node !== ROOT) draft.ends.push({ node, word });
    }
  }
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

/** Renumbers the nodes, level by level, so that the children of each are neighbours. */
function flatten(draft: Draft): Lexicon {
  const { nodes } = draft;
  const lexicon = new Lexicon(nodes, draft.ends.length);
  const oldOf = new Int32Array(nodes);
  const newOf = new Int32Array(nodes);
  const children: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const old = oldOf[node] ?? 0;
    children.length = 0;
    for (let at = draft.firstChild[old] ?? -1; at >= 0; at = draft.sibling[at] ?? -1)
      children.push(at);
    children.sort((a, b) => (draft.unit[a] ?? 0) - (draft.unit[b] ?? 0));
    for (const child of children) {
      const made = lexicon.appendChild(node, draft.unit[child] ?? 0, draft.hope[child] ?? 0);
      oldOf[made] = child;
      newOf[child] = made;
    }
  }
  lexicon.setEnds(draft.ends.map(({ node, word }) => ({ node: newOf[node] ?? ROOT, word })));
  return lexicon;
}
