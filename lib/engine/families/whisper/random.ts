/**
 * Random numbers that are the same for the same seed, so that a resumed job gives the same text:
 * a 32-bit xorshift register (Marsaglia 2003, "Xorshift RNGs", shifts 13, 17, 5).
 * @param seed an integer
 * @returns a function whose calls give numbers uniform in [0, 1)
 */
export function seededRandom(seed: number): () => number {
  // a register of zeros would stay so, and those of small seeds are alike at first
  let state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 8; warm++) next();
  return next;
}
