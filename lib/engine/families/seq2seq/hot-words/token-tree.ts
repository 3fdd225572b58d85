/** What may follow a token in one of the user's words. */
export interface TokenNode {
  /** The next tokens, by id. */
  readonly next: ReadonlyMap<number, TokenNode>;
  /** Whether a word or phrase may end here. */
  readonly isWhole: boolean;
}

interface Growing {
  next: Map<number, Growing>;
  isWhole: boolean;
}

/** Where tokens stand in words. */
export interface TokenEdges {
  /** Whether a word or a mark begins with this token: the word before it is over. */
  begins(token: number): boolean;
  /** Whether this token ends in something that is not part of a word: the next word then needs no space. */
  opens(token: number): boolean;
}

/** The user's words as a model writes them: a tree of tokens, in which words share their beginnings. */
export interface TokenTree {
  readonly root: TokenNode;
  /** Tokens of the longest word. */
  readonly depth: number;
  readonly edges: TokenEdges;
}

/**
 * Puts words into a tree.
 * @param words the tokens of each way to write each word; empty ones are left out
 * @returns `null` when there are none
 */
export function buildTokenTree(
  words: Iterable<readonly number[]>,
  edges: TokenEdges,
): TokenTree | null {
  const root: Growing = { next: new Map(), isWhole: false };
  let depth = 0;
  for (const tokens of words) {
    let node = root;
    for (const token of tokens) {
      const child = node.next.get(token) ?? { next: new Map(), isWhole: false };
      node.next.set(token, child);
      node = child;
    }
    if (node !== root) node.isWhole = true;
    depth = Math.max(depth, tokens.length);
  }
  return depth === 0 ? null : { root, depth, edges };
}

/** Where these tokens lead to; `null`: into none of the words. */
export function follow(from: TokenNode, tokens: readonly number[]): TokenNode | null {
  let node: TokenNode | undefined = from;
  for (const token of tokens) {
    node = node.next.get(token);
    if (!node) return null;
  }
  return node;
}

/** Whether a word may begin with a token after another one; `undefined`: after nothing. */
export function mayBegin(
  token: number,
  before: number | undefined,
  { begins, opens }: TokenEdges,
): boolean {
  return begins(token) || before === undefined || opens(before);
}
