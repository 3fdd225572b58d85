/**
 * The last of some rising times that is not after `ms`, as an index; -1 before the first.
 * @param startOf the time at an index
 */
export function lastStarted(count: number, startOf: (index: number) => number, ms: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(middle) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
