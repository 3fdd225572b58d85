/** Tokens of a cycle, at most. Longer repetitions are refrains, or too slow to be a problem. */
const MAX_CYCLE = 64;

/** People say a thing this often at most, */
const MIN_REPEATS = 8;
/** or longer when it is short: "no, no, no" and "la la la" may last a while. */
const MIN_LOOP_TOKENS = 24;

/** A cycle of any length that came this often and fills half of what a window may hold. */
const MIN_LONG_REPEATS = 3;

/** Where a text goes round and round. */
export interface Loop {
  /** Index of the first token of the first round. */
  start: number;
  /** Tokens of one round. */
  cycle: number;
}

/**
 * The first place where tokens repeat far more often than people do: a cycle of up to 64 tokens
 * that comes at least 8 times over at least 24 tokens, or at least 3 times over half of what a
 * window may hold. Networks fall into such loops on noise and music, and then seldom get out.
 * @param maxTokens what a window may hold
 * @returns `null` when there is none
 */
export function findLoop(tokens: readonly number[], maxTokens: number): Loop | null {
  // how many tokens up to here equal the one a cycle before, for every length of cycle
  const equal = new Uint32Array(MAX_CYCLE + 1);
  for (let at = 1; at < tokens.length; at++) {
    for (let cycle = 1; cycle <= Math.min(MAX_CYCLE, at); cycle++) {
      if (tokens[at] !== tokens[at - cycle]) {
        equal[cycle] = 0;
        continue;
      }
      const run = (equal[cycle] ?? 0) + 1;
      equal[cycle] = run;
      const span = run + cycle;
      if (isLoop(span, cycle, maxTokens)) return { start: at + 1 - span, cycle };
    }
  }
  return null;
}

function isLoop(span: number, cycle: number, maxTokens: number): boolean {
  return (
    (span >= MIN_REPEATS * cycle && span >= MIN_LOOP_TOKENS) ||
    (span >= MIN_LONG_REPEATS * cycle && span > maxTokens / 2)
  );
}
