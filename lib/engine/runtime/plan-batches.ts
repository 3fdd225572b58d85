/** What the network is given in one run, at most. */
export interface BatchLimits {
  /** Rows of one run. */
  rows: number;
  /** Samples of one run, padding included: bounds the memory of the network's features. */
  paddedSamples: number;
  /** A row shorter than this part of the longest waits for a run of its own length. */
  shortest: number;
}

/**
 * Puts recordings of similar length together, so that little padding is computed.
 * @param lengths samples of each recording
 * @returns indices into `lengths`, run by run; each index once, every run at least one
 */
export function planBatches(lengths: readonly number[], limits: BatchLimits): number[][] {
  const order = lengths.map((_, index) => index);
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const index of order) {
    const length = lengths[index] ?? 0;
    const fits =
      batch.length > 0 &&
      batch.length < limits.rows &&
      (batch.length + 1) * longest <= limits.paddedSamples &&
      length >= limits.shortest * longest;
    if (fits) {
      batch.push(index);
      continue;
    }
    batch = [index];
    longest = length;
    batches.push(batch);
  }
  return batches;
}
