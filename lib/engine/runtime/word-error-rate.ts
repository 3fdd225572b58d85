/** Errors of a hypothesis against its reference: the fewest edits that make one of the other. */
export interface ErrorCounts {
  substitutions: number;
  /** In the reference, not in the hypothesis. */
  deletions: number;
  /** In the hypothesis, not in the reference. */
  insertions: number;
  /** Words (or characters) of the reference. */
  referenceLength: number;
}

/**
 * Counts errors by edit distance (Levenshtein 1966; Wagner and Fischer 1974). Only one row of the
 * table is kept, with the counts that led to each cell: memory grows with the hypothesis alone.
 */
export function countErrors(
  reference: readonly string[],
  hypothesis: readonly string[],
): ErrorCounts {
  const [referenceIds, hypothesisIds] = numbered(reference, hypothesis);
  const width = hypothesisIds.length + 1;
  const cost = Uint32Array.from({ length: width }, (_, column) => column);
  const substitutions = new Uint32Array(width);
  const deletions = new Uint32Array(width);
  const insertions = cost.slice();

  for (const item of referenceIds) {
    // the cell up and to the left, which the row overwrites as it goes
    let cornerCost = cost[0] ?? 0;
    let cornerSubstitutions = 0;
    let cornerDeletions = deletions[0] ?? 0;
    let cornerInsertions = 0;
    cost[0] = cornerCost + 1;
    deletions[0] = cornerDeletions + 1;
    for (let column = 1; column < width; column++) {
      const aboveCost = cost[column] ?? 0;
      const aboveSubstitutions = substitutions[column] ?? 0;
      const aboveDeletions = deletions[column] ?? 0;
      const aboveInsertions = insertions[column] ?? 0;
      const change = hypothesisIds[column - 1] === item ? 0 : 1;
      const leftCost = cost[column - 1] ?? 0;
      if (cornerCost + change <= aboveCost + 1 && cornerCost + change <= leftCost + 1) {
        cost[column] = cornerCost + change;
        substitutions[column] = cornerSubstitutions + change;
        deletions[column] = cornerDeletions;
        insertions[column] = cornerInsertions;
      } else if (aboveCost <= leftCost) {
        cost[column] = aboveCost + 1;
        deletions[column] = aboveDeletions + 1;
      } else {
        cost[column] = leftCost + 1;
        substitutions[column] = substitutions[column - 1] ?? 0;
        deletions[column] = deletions[column - 1] ?? 0;
        insertions[column] = (insertions[column - 1] ?? 0) + 1;
      }
      cornerCost = aboveCost;
      cornerSubstitutions = aboveSubstitutions;
      cornerDeletions = aboveDeletions;
      cornerInsertions = aboveInsertions;
    }
  }
  const last = width - 1;
  return {
    substitutions: substitutions[last] ?? 0,
    deletions: deletions[last] ?? 0,
    insertions: insertions[last] ?? 0,
    referenceLength: reference.length,
  };
}

/**
 * Errors divided by the length of the reference; can exceed 1. Against an empty reference it is 0
 * when the hypothesis is empty too, else 1.
 */
export function errorRate(counts: ErrorCounts): number {
  const errors = counts.substitutions + counts.deletions + counts.insertions;
  if (counts.referenceLength === 0) return errors === 0 ? 0 : 1;
  return errors / counts.referenceLength;
}

/**
 * Word error rate of a text against its reference. Case and punctuation do not count. Can exceed 1; of
 * an empty reference it is 0 or 1.
 */
export function wordErrorRate(reference: string, text: string): number {
  return errorRate(countErrors(wordsOf(reference), wordsOf(text)));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}'\s]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
}

/** Both lists with a number for each different item: numbers compare faster than strings. */
function numbered(...lists: [readonly string[], readonly string[]]): [Uint32Array, Uint32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (item: string): number => {
    const known = numbers.get(item);
    if (known !== undefined) return known;
    numbers.set(item, numbers.size);
    return numbers.size - 1;
  };
  const [first, second] = lists;
  return [Uint32Array.from(first, numberOf), Uint32Array.from(second, numberOf)];
}
