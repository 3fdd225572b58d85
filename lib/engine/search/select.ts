/** Buckets across the margin: about one hypothesis in each, so that little is left to sort. */
const BUCKETS = 1024;

/**
 * Chooses the best rows of a frame by bucket sort on their distance from the top; comparison
 * sorts would spend most of the search's time on branches that cannot be predicted.
 */
export class Selector {
  /** The chosen rows, best first; equal ranks in the order of their rows, as in a stable sort. */
  readonly rows: Int32Array;
  /** Rows in each bucket; then where the next row of each bucket goes. */
  private readonly buckets = new Int32Array(BUCKETS);

  /**
   * @param keep how many rows are chosen at most
   * @param capacity how many there are to choose from at most
   */
  constructor(
    private readonly keep: number,
    capacity: number,
  ) {
    this.rows = new Int32Array(capacity);
  }

  /**
   * Fills `rows` from rank[0, count).
   * @param margin rows that lie this far below the best, or farther, are not chosen
   * @returns how many were chosen
   */
  select(rank: Float64Array, count: number, margin: number): number {
    const { buckets, rows, keep } = this;
    let top = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < count; row++) if ((rank[row] ?? 0) > top) top = rank[row] ?? 0;
    const limit = top - margin;
    const perUnit = BUCKETS / margin;
    buckets.fill(0);
    for (let row = 0; row < count; row++) {
      const value = rank[row] ?? 0;
      if (value > limit) increment(buckets, bucketOf(top - value, perUnit));
    }
    // buckets after the one that holds the last one kept are left out
    let end = 0;
    let bucket = 0;
    for (; bucket < BUCKETS && end < keep; bucket++) {
      const size = buckets[bucket] ?? 0;
      buckets[bucket] = end;
      end += size;
    }
    for (let row = 0; row < count; row++) {
      const value = rank[row] ?? 0;
      if (value <= limit) continue;
      const at = bucketOf(top - value, perUnit);
      if (at < bucket) rows[increment(buckets, at)] = row;
    }
    // rows came in order, so equal ranks already stand as they should
    for (let at = 1; at < end; at++) {
      const row = rows[at] ?? 0;
      const value = rank[row] ?? 0;
      let hole = at;
      for (; hole > 0 && (rank[rows[hole - 1] ?? 0] ?? 0) < value; hole--)
        rows[hole] = rows[hole - 1] ?? 0;
      rows[hole] = row;
    }
    return Math.min(end, keep);
  }
}

/** Rounding can carry a value at the very limit to the bucket after the last. */
function bucketOf(distance: number, perUnit: number): number {
  return Math.min(BUCKETS - 1, (distance * perUnit) | 0);
}

/** Adds one; gives the number from before. */
function increment(array: Int32Array, at: number): number {
  const before = array[at] ?? 0;
  array[at] = before + 1;
  return before;
}
