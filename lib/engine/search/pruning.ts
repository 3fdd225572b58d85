/** Buckets for each unit of the scores (natural logarithm), and how many there are. */
const BOUND_BUCKETS_PER_UNIT = 8;
const BOUND_BUCKETS = 256;

/**
 * Tells, while a frame's candidates are being made, which scores cannot get into the beam: those below what
 * enough others to fill it have already reached. A margin leaves room for candidates that grow by being
 * merged. Scores are counted in buckets; the best hypotheses are followed first, so that the bound is high
 * soon.
 */
export class EntryBound {
  /** Candidates below this need not be made. */
  floor = Number.NEGATIVE_INFINITY;
  private readonly counts = new Int32Array(BOUND_BUCKETS);
  /** Where bucket 0 ends; better scores are in it too. */
  private top = 0;
  /** The bucket in which the beam is full, and how many scores lie in it and before it. */
  private cut = BOUND_BUCKETS - 1;
  private reached = 0;

  /** @param beam how many candidates will be kept */
  constructor(
    private readonly beam: number,
    private readonly margin: number,
  ) {}

  /** Begins a frame. @param top about the best score that will come */
  begin(top: number): void {
    this.top = top;
    this.floor = Number.NEGATIVE_INFINITY;
    this.counts.fill(0);
    this.cut = BOUND_BUCKETS - 1;
    this.reached = 0;
  }

  /** Takes the score of a candidate with a state of its own. */
  count(score: number): void {
    const { counts, beam } = this;
    const distance = (this.top - score) * BOUND_BUCKETS_PER_UNIT;
    if (distance >= this.cut + 1) return;
    const bucket = distance < 0 ? 0 : distance | 0;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.reached++;
    if (this.reached < beam) return;
    let { cut, reached } = this;
    for (; cut > 0 && reached - (counts[cut] ?? 0) >= beam; cut--) reached -= counts[cut] ?? 0;
    this.cut = cut;
    this.reached = reached;
    this.floor = this.top - (cut + 1) / BOUND_BUCKETS_PER_UNIT - this.margin;
  }
}

/** Buckets across the margin: about one hypothesis in each, so that little is left to sort. */
const SORT_BUCKETS = 1024;

/**
 * Chooses the best rows of a frame by bucket sort on their distance from the top; comparison
 * sorts would spend most of the search's time on branches that cannot be predicted.
 */
export class Selector {
  /** The chosen rows, best first; equal ranks in the order of their rows, as in a stable sort. */
  readonly rows: Int32Array;
  /** Rows in each bucket; then where the next row of each bucket goes. */
  private readonly buckets = new Int32Array(SORT_BUCKETS);

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
    const perUnit = SORT_BUCKETS / margin;
    buckets.fill(0);
    for (let row = 0; row < count; row++) {
      const value = rank[row] ?? 0;
      if (value > limit) increment(buckets, bucketOf(top - value, perUnit));
    }
    // buckets after the one that holds the last one kept are left out
    let end = 0;
    let bucket = 0;
    for (; bucket < SORT_BUCKETS && end < keep; bucket++) {
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
  return Math.min(SORT_BUCKETS - 1, (distance * perUnit) | 0);
}

/** Adds one; gives the number from before. */
function increment(array: Int32Array, at: number): number {
  const before = array[at] ?? 0;
  array[at] = before + 1;
  return before;
}
