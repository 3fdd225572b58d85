import { KernelProgram, type KernelSource } from './kernels';
import { Program } from './program';
import { noise } from './test-products';

/**
 * Every frame attends to all frames, as the formula says.
 * @param parts [frames][queries, keys, values][heads][size]
 */
export function attention(
  parts: Float32Array,
  [frames, heads, size]: readonly [frames: number, heads: number, size: number],
): Float32Array {
  const width = heads * size;
  const found = new Float32Array(frames * width);
  const part = (kind: number, frame: number, column: number) =>
    parts[frame * 3 * width + kind * width + column] ?? 0;
  for (let head = 0; head < heads; head++)
    for (let query = 0; query < frames; query++) {
      const columns = Array.from({ length: size }, (_, at) => head * size + at);
      const scores = Array.from({ length: frames }, (_, frame) =>
        columns.reduce((sum, at) => sum + part(0, query, at) * part(1, frame, at), 0),
      ).map((score) => score / Math.sqrt(size));
      const top = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - top));
      const whole = weights.reduce((sum, weight) => sum + weight);
      for (const at of columns)
        found[query * width + at] =
          weights.reduce((sum, weight, frame) => sum + weight * part(2, frame, at), 0) / whole;
    }
  return found;
}

/** How far attention in bytes is from the formula: root mean squares, of the values. */
export async function byteAttentionError(source: KernelSource): Promise<number> {
  const [frames, heads, size] = [132, 2, 64];
  const width = heads * size;
  // queries and keys of some size, values of very different ones
  const parts = noise(frames * 3 * width, 5).map(
    (value, at) => value * (at % (3 * width) < 2 * width ? 1.2 : 10 ** ((at % 7) - 3)),
  );
  const program = new Program();
  const [from, to] = [program.matrix(frames, 3 * width), program.matrix(frames, width)];
  program.attend(from, heads, program.attentionRoom(frames, width, heads, true), to);
  const loaded = await KernelProgram.load({ ...source, threads: 1 }, program);
  loaded.floats(from.at, parts.length).set(parts);
  loaded.run();
  const mixed = loaded.floats(to.at, frames * width).slice();
  const right = attention(parts, [frames, heads, size]);
  const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
  return Math.sqrt(squares(mixed.map((value, at) => value - (right[at] ?? 0))) / squares(right));
}
