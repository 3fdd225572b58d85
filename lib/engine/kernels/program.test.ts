import { describe, expect, it } from 'vitest';
import { KernelProgram } from './kernels';
import type { Matrix } from './operands';
import { panelsOf, readColumn } from './panels';
import { Program } from './program';
import { attention, byteAttentionError } from './test-attention';
import { nodeKernels } from './test-kernels';
import { BYTES, noise, productError } from './test-products';

async function run(program: Program, inputs: [Matrix, Float32Array][], output: Matrix) {
  const loaded = await KernelProgram.load(nodeKernels, program);
  for (const [matrix, values] of inputs) loaded.floats(matrix.at, values.length).set(values);
  loaded.run();
  return loaded.floats(output.at, output.rows * output.columns).slice();
}

/** Weights [depth][columns] of floats. */
function weightsOf(values: Float32Array, columns: number) {
  const depth = values.length / columns;
  const panels = panelsOf([
    {
      ...{ depth, columns, data: values, columnStep: 1, steps: null },
      rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
      bias: new Float32Array(columns),
    },
  ]);
  if (!panels) throw new Error('The weights do not fit.');
  return panels;
}

/** The error function by its Maclaurin series. */
function erf(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; n < 120; n++) {
    term *= -(z * z) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe('the compiled kernels', () => {
  it('multiply rows of a block that is not full', async () => {
    const [rows, depth, columns] = [60, 40, 24];
    const [a, b] = [noise(rows * depth, 1), noise(depth * columns, 2)];
    const program = new Program();
    const [from, to] = [program.matrix(rows, depth), program.matrix(rows, columns)];
    program.matmul(from, program.weights(weightsOf(b, columns)), to);
    const product = await run(program, [[from, a]], to);
    for (const [at, value] of product.entries()) {
      const [row, column] = [Math.floor(at / columns), at % columns];
      let expected = 0;
      for (let k = 0; k < depth; k++)
        expected += (a[row * depth + k] ?? 0) * (b[k * columns + column] ?? 0);
      expect(Math.abs(value - expected)).toBeLessThan(1e-5);
    }
  });

  it('have a GELU that is right to a millionth, far from zero too', async () => {
    const [rows, columns] = [1200, 8];
    const values = Float32Array.from({ length: rows * columns }, (_, at) => (at - 4800) / 600);
    const one = new Float32Array(columns * columns);
    for (let at = 0; at < columns; at++) one[at * columns + at] = 1;
    const program = new Program();
    const [from, to] = [program.matrix(rows, columns), program.matrix(rows, columns)];
    program.matmul(from, program.weights(weightsOf(one, columns)), to, { activation: 'gelu' });
    const found = await run(program, [[from, values]], to);
    for (const [at, x] of values.entries()) {
      const expected = Math.abs(x) > 6 ? Math.max(0, x) : (x / 2) * (1 + erf(x / Math.SQRT2));
      expect(Math.abs((found[at] ?? 0) - expected)).toBeLessThan(2e-6);
    }
  });

  it.each([
    ['in floats', false, 3, 2e-5],
    // a hundredth of the largest value
    ['in bytes', true, 1, 0.03],
  ])(
    'attend to all frames as the formula does, however far apart scores are, %s',
    async (_, inBytes, loudness, most) => {
      const [frames, heads, size] = [60, 2, 16];
      const width = heads * size;
      // frames that are far louder than the others, queries and keys apart
      const loud = (at: number) => (Math.floor(at / (3 * width)) % 25 === 7 ? 3 : 1);
      const parts = noise(frames * 3 * width, 3).map((value, at) => loudness * loud(at) * value);
      const program = new Program();
      const [from, to] = [program.matrix(frames, 3 * width), program.matrix(frames, width)];
      const room = program.attentionRoom(frames + 24, width, heads, inBytes);
      // what a longer window has left behind is not looked at
      const longer = program.matrix(frames + 24, 3 * width);
      program.attend(longer, heads, room, program.matrix(frames + 24, width));
      program.attend(from, heads, room, to);
      const filled = noise(longer.rows * longer.columns, 11).map((value) => 100 * value);
      const mixed = await run(
        program,
        [
          [from, parts],
          [longer, filled],
        ],
        to,
      );
      const right = attention(parts, [frames, heads, size]);
      for (const [at, value] of right.entries())
        expect(Math.abs((mixed[at] ?? 0) - value)).toBeLessThan(most);
    },
  );

  it('attend to frames of which each has its own loudness, in bytes, as in floats', async () => {
    expect(await byteAttentionError(nodeKernels)).toBeLessThan(0.01);
  });

  it('attend in bytes to no more frames than sums are exact of', () => {
    const program = new Program();
    const [from, to] = [program.matrix(2076, 24), program.matrix(2076, 8)];
    const room = program.attentionRoom(2076, 8, 1, true);
    expect(() => program.attend(from, 1, room, to)).toThrow('too many frames');
    const caches = { ...program.frameRoom(2080, [1, 32]), places: 0, spans: 0, shown: 0 };
    const row = program.matrix(1, 32);
    expect(() => program.lookAtFrames(row, caches, [1, 32], row, 2080)).toThrow('too many frames');
  });

  it('attend to frames that are kept in bytes nearly as the formula does', async () => {
    const [slots, heads, size, frames, room] = [2, 2, 32, 36, 48];
    const width = heads * size;
    const count = slots * frames * width;
    // a frame that is far louder than the others has a step of its own
    const loud = (at: number) => (at === 7 ? 9 : 1);
    const loudFrames = (seed: number) =>
      noise(count, seed).map((value, at) => value * loud(Math.floor(at / width) % frames));
    /** [slots][frames][heads][size] */
    const floats = { keys: loudFrames(4), values: loudFrames(5) };
    /** The second slot has fewer. */
    const counts = [frames, frames - 16];
    const queries = noise(2 * width, 6).map((value) => 4 * value);
    const program = new Program();
    const caches = {
      ...program.frameRoom(slots * room, [heads, size]),
      ...{ places: program.allocate(16), spans: program.allocate(24) },
      shown: program.allocate(4 * (1 + heads)),
    };
    const shown = program.allocate(2 * 4 * room);
    const given = { keys: program.matrix(frames, width), values: program.matrix(frames, width) };
    const [from, to] = [program.matrix(2, width), program.matrix(2, width)];
    for (const part of ['keys', 'values'] as const)
      program.keepFrames(part, given[part], caches, [heads, size]);
    const kept = program.length;
    program.lookAtFrames(from, caches, [heads, size], to, room);
    const loaded = await KernelProgram.load(nodeKernels, program);
    for (let slot = 0; slot < slots; slot++) {
      for (const part of ['keys', 'values'] as const)
        loaded
          .floats(given[part].at, frames * width)
          .set(floats[part].subarray(slot * frames * width, (slot + 1) * frames * width));
      const spans = [0, counts[0] ?? 0, room, counts[1] ?? 0];
      loaded.integers(caches.spans, 6).set([...spans.slice(2 * slot, 2 * slot + 2), ...spans]);
      loaded.run(0, kept);
    }
    loaded.floats(from.at, queries.length).set(queries);
    // the first row sees the second slot
    loaded.integers(caches.places, 4).set([1, 0, 0, 0]);
    // of the second head it is put down how it looked
    loaded.integers(caches.shown, 3).set([4 * room, 0, shown]);
    loaded.run(kept);
    const mixed = loaded.floats(to.at, 2 * width);
    for (const [row, slot] of [1, 0].entries())
      for (let head = 0; head < heads; head++) {
        const at = slot * frames * width + head * size;
        const query = queries.subarray(row * width + head * size, row * width + (head + 1) * size);
        const scores = Array.from({ length: counts[slot] ?? 0 }, (_, frame) =>
          query.reduce(
            (sum, value, column) => sum + value * (floats.keys[at + frame * width + column] ?? 0),
            0,
          ),
        ).map((score) => score / Math.sqrt(size));
        const shares = scores.map((score) => Math.exp(score - Math.max(...scores)));
        const whole = shares.reduce((sum, share) => sum + share);
        if (head === 1)
          for (const [frame, share] of loaded.floats(shown + row * 4 * room, frames).entries())
            expect(Math.abs(share - (shares[frame] ?? 0) / whole)).toBeLessThan(0.005);
        for (let column = 0; column < size; column++) {
          const expected = shares.reduce(
            (sum, share, frame) =>
              sum + (share / whole) * (floats.values[at + frame * width + column] ?? 0),
            0,
          );
          expect(
            Math.abs((mixed[row * width + head * size + column] ?? 0) - expected),
          ).toBeLessThan(0.05);
        }
      }
  });

  it('make integers that lose little of small values beside a large one', async () => {
    const [rows, depth] = [12, 16];
    const values = noise(rows * depth, 7).map((value, at) => (at === 5 ? 60 : value));
    const program = new Program();
    const [from, to] = [program.matrix(rows, depth), program.matrix(rows, depth)];
    const panels = panelsOf([
      {
        ...{ depth, columns: depth, columnStep: 1, bias: new Float32Array(depth) },
        data: Int8Array.from({ length: depth * depth }, (_, at) =>
          at % (depth + 1) === 0 ? 1 : 0,
        ),
        rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * depth),
        steps: { scales: new Float32Array(depth).fill(1), zeros: new Int16Array(depth) },
      },
    ]);
    if (!panels) throw new Error('The weights do not fit.');
    program.matmul(
      program.quantise(from, program.integers(rows * depth)),
      program.weights(panels),
      to,
    );
    const found = await run(program, [[from, values]], to);
    // half a step of bytes would be 0.12
    for (const [at, value] of values.entries())
      expect(Math.abs((found[at] ?? 0) - value)).toBeLessThan(0.016);
  });

  describe.each(BYTES)('with weights that are %s', (_, bytes) => {
    describe.each([
      ['16-bit integers', null, 2e-3],
      // without relaxed instructions bytes have a sign
      ['bytes', { less: 128, inPairs: false }, 1e-6],
    ] as const)('and %s', (_name, products, most) => {
      const source = { ...nodeKernels, bytes: products };

      it('multiply many rows', async () => {
        expect(await productError(source, bytes, { rows: 60, isFew: false })).toBeLessThan(most);
      });

      it.each([1, 2, 3, 4, 7, 8])('multiply %i rows', async (rows) => {
        expect(await productError(source, bytes, { rows, isFew: true })).toBeLessThan(most);
      });
    });
  });

  it.each(BYTES)('give back columns of weights that are %s', (_, { Bytes }) => {
    const [depth, columns] = [16, 24];
    const data = new Bytes(depth * columns).map((_value, at) => at * 37);
    const matrix = {
      ...{ depth, columns, data, columnStep: 1, bias: new Float32Array(columns) },
      rowOffsets: Uint32Array.from({ length: depth }, (_value, row) => row * columns),
      steps: { scales: new Float32Array(columns).fill(1), zeros: new Int16Array(columns) },
    };
    for (const products of [
      null,
      { less: 0, inPairs: false },
      { less: 0, inPairs: true },
    ] as const) {
      const panels = panelsOf([matrix], products);
      const written = new Uint8Array(panels?.byteLength ?? 0);
      panels?.write(written);
      const found = new Float32Array(depth);
      for (const column of [0, 13, 23]) {
        if (panels) readColumn(panels, written, column, found);
        expect([...found]).toEqual(
          Array.from(found, (_value, row) => data[row * columns + column]),
        );
      }
    }
  });

  it('refuse integers whose products could be more than 32 bits hold', () => {
    const depth = 8192;
    const matrix = {
      ...{ depth, columns: 8, columnStep: 1, bias: new Float32Array(8) },
      data: new Uint8Array(depth * 8),
      rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * 8),
    };
    const steps = (zero: number) => ({
      scales: new Float32Array(8).fill(1),
      zeros: new Int16Array(8).fill(zero),
    });
    expect(panelsOf([{ ...matrix, steps: steps(0) }])).toBeNull();
    expect(panelsOf([{ ...matrix, steps: steps(128) }])).not.toBeNull();
  });

  it('refuse rows that would cut a tile', () => {
    const program = new Program();
    const weights = program.weights(weightsOf(noise(64, 4), 8));
    expect(() => program.matmul(program.matrix(16, 8), weights, program.matrix(16, 8))).toThrow(
      TypeError,
    );
  });
});
