import type { HotTokens } from './hot-search';
import { mayBegin, type TokenNode } from './token-tree';

/** How far a text is into one of the user's words. */
export interface HotPath {
  node: TokenNode;
  /** The bonuses of the word's tokens so far. */
  bonus: number;
}

/** Where a token leads, and what it changes in the score of its text. */
export interface HotMove {
  /** `null`: into none of the words. */
  path: HotPath | null;
  gain: number;
}

/**
 * The user's words in a search that keeps several texts: shallow fusion with a prefix tree (Zhao et al. 2019,
 * "Shallow-Fusion End-to-End Contextual Biasing"). Each token of a word has a bonus, which is withdrawn when
 * the word is not completed: its text then falls behind the others.
 */
export function moveAlong(
  { tree: { root, edges }, beamBonus: bonus }: HotTokens,
  path: HotPath | null,
  token: number,
  before: number | undefined,
): HotMove {
  const further = path?.node.next.get(token);
  if (path && further) return { path: { node: further, bonus: path.bonus + bonus }, gain: bonus };
  const lost = path && !(path.node.isWhole && edges.begins(token)) ? path.bonus : 0;
  const begun = mayBegin(token, before, edges) ? root.next.get(token) : undefined;
  return begun ? { path: { node: begun, bonus }, gain: bonus - lost } : { path: null, gain: -lost };
}

/** Tokens that begin one of the words here, or continue the one that a text is in. */
export function* tokensAhead(
  { tree: { root, edges } }: HotTokens,
  path: HotPath | null,
  before: number | undefined,
): Iterable<number> {
  if (path) yield* path.node.next.keys();
  for (const token of root.next.keys()) if (mayBegin(token, before, edges)) yield token;
}
