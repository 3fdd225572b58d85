/** Buckets for each unit of the scores (natural logarithm), and how many there are. */
const PER_UNIT = 8;
const BUCKETS = 256;

/**
 * Knows while a frame's candidates are made which scores will not get into the beam: those below
 * what as many others have reached as the beam has room for. A margin leaves room for candidates
 * that grow by being merged. Scores are counted in buckets; the best hypotheses are followed first,
 * so that the bound is high soon.
 */
export class EntryBound {
  /** Candidates below this need not be made. */
  floor = Number.NEGATIVE_INFINITY;
  private readonly counts = new Int32Array(BUCKETS);
  /** Where bucket 0 ends; better scores are in it too. */
  private top = 0;
  /** The bucket in which the beam is full, and how many scores lie in it and before it. */
  private cut = BUCKETS - 1;
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
    this.cut = BUCKETS - 1;
    this.reached = 0;
  }

  /** Takes the score of a candidate with a state of its own. */
  count(score: number): void {
    const { counts, beam } = this;
    const distance = (this.top - score) * PER_UNIT;
    if (distance >= this.cut + 1) return;
    const bucket = distance < 0 ? 0 : distance | 0;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    this.reached++;
    if (this.reached < beam) return;
    let { cut, reached } = this;
    for (; cut > 0 && reached - (counts[cut] ?? 0) >= beam; cut--) reached -= counts[cut] ?? 0;
    this.cut = cut;
    this.reached = reached;
    this.floor = this.top - (cut + 1) / PER_UNIT - this.margin;
  }
}
