/**
 * Numbers that are random to look at and the same in every engine: a 32-bit xorshift (Marsaglia
 * 2003), started from a seed and a name, so that a weight does not depend on what was made before.
 */
export function randomSource(seed: number, name: string): () => number {
  let state = hash(seed, name);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Numbers around 0, evenly spread, with this standard deviation. */
export function randomFloats(seed: number, name: string, length: number, deviation: number) {
  const next = randomSource(seed, name);
  const width = 2 * Math.sqrt(3) * deviation;
  const data = new Float32Array(length);
  for (let index = 0; index < length; index++) data[index] = (next() - 0.5) * width;
  return data;
}

/** FNV-1a over the seed and the name; never 0, which xorshift would not leave. */
function hash(seed: number, name: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}:${name}`))
    value = Math.imul(value ^ byte, 0x01000193);
  return value || 1;
}
