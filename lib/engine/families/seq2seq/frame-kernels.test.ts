import { describe, expect, it, vi } from 'vitest';
import { KernelProgram } from '@/lib/engine/kernels/kernels';
import type { InferenceRuntime, Tensors } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { GraphBuilder, type Precision } from '@/tools/random-models/graph';
import { linear, mergeHeads, splitHeads, tiedEmbedding } from '@/tools/random-models/layers';
import { type KeyValue, mergedDecoder } from '@/tools/random-models/merged';
import { readFrameProducts } from './frame-weights';
import { openLoop } from './loop/loop';

const [WIDTH, HEADS, SIZE, FRAMES, ROWS] = [32, 2, 16, 24, 3];
const KEY = 'past_key_values.0.encoder.key';

interface Build {
  precision?: Precision;
  /** What attention makes of the keys; turned when not given. */
  prepare?: (graph: GraphBuilder, key: string) => string;
}

const turn = (graph: GraphBuilder, key: string) =>
  graph.op('Transpose', [key], { perm: [0, 1, 3, 2] });

/** A decoder of one layer that looks at nothing but the encoder's frames. */
function decoderOf({ precision = 'fp32', prepare = turn }: Build = {}): Uint8Array {
  const graph = new GraphBuilder({ seed: 5, precision, weights: 'int8' });
  const size = { width: WIDTH, layers: 1, heads: HEADS, headSize: SIZE };
  const whole = { ...size, vocabulary: 40, frames: 'encoder_sequence_length' };
  mergedDecoder(graph, whole, { crossAttentions: false }, (ids, encoded, past) => {
    const embedding = tiedEmbedding(graph, 'embedding', [40, WIDTH], 1);
    const x = embedding.rows(ids);
    const part = (from: string, name: string) =>
      splitHeads(graph, linear(graph, from, name, WIDTH, WIDTH), HEADS, SIZE);
    const own = [part(x, 'own_key'), part(x, 'own_value')] as const;
    const grown = (at: 0 | 1) => {
      const before = past?.[0]?.decoder[at];
      return before ? graph.op('Concat', [before, own[at]], { axis: 2 }) : own[at];
    };
    const cross: KeyValue = past?.[0]?.encoder ?? [part(encoded, 'key'), part(encoded, 'value')];
    const scores = graph.op('MatMul', [part(x, 'query'), prepare(graph, cross[0])]);
    const mixed = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: -1 }), cross[1]]);
    const sum = graph.op('Add', [x, mergeHeads(graph, mixed, WIDTH)]);
    return {
      logits: embedding.logits(sum),
      decoder: [[grown(0), grown(1)]],
      encoder: [cross],
      crossAttentions: [],
    };
  });
  return graph.write('decoder');
}

/** Encoder output that differs from row to row. */
function encoded(frames = FRAMES) {
  const data = Float32Array.from({ length: ROWS * frames * WIDTH }, (_, at) => Math.sin(at * 0.37));
  return new nodeRuntime.Tensor('float32', data, [ROWS, frames, WIDTH]);
}

async function prompted(runtime: InferenceRuntime, graph: Uint8Array) {
  const runner = await openLoop(runtime, graph, [], { frames: [FRAMES] });
  if (!runner) throw new Error('The graph is of another build.');
  try {
    const tokens = Array.from({ length: ROWS }, (_, row) => [row, 7, 8]);
    return await runner.prompt(encoded(), tokens);
  } finally {
    await runner.release();
  }
}

/** With the kernels, and how often they ran; without. */
async function both(graph: Uint8Array) {
  const runs = vi.spyOn(KernelProgram.prototype, 'run');
  const ours = await prompted(nodeRuntime, graph);
  const theirs = await prompted({ ...nodeRuntime, kernels: null }, graph);
  const counted = runs.mock.calls.length;
  runs.mockRestore();
  return { ours, theirs, runs: counted };
}

function expectAlike(ours: Tensors, theirs: Tensors, within: number): void {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
  for (const [name, tensor] of Object.entries(ours)) {
    expect(tensor.dims).toEqual(theirs[name]?.dims);
    const other = theirs[name]?.data as Float32Array;
    const apart = (tensor.data as Float32Array).map((value, at) => value - (other[at] ?? 0));
    expect(Math.max(...apart.map(Math.abs))).toBeLessThan(within);
  }
}

describe('keys and values of encoded frames on the compiled kernels', () => {
  it('are what ONNX Runtime makes of them, and so is the text that follows', async () => {
    const { ours, theirs, runs } = await both(decoderOf());
    expect(runs).toBe(2 * ROWS);
    expectAlike(ours.cross, theirs.cross, 1e-5);
    expectAlike(ours.past, theirs.past, 1e-5);
    for (const [row, logits] of ours.logits.entries())
      for (const [id, logit] of logits.entries())
        expect(Math.abs(logit - (theirs.logits[row]?.[id] ?? Number.NaN))).toBeLessThan(1e-4);
  });

  it('are made of as many frames as a row has, whatever came before', async () => {
    const runs = vi.spyOn(KernelProgram.prototype, 'run');
    const runner = await openLoop(nodeRuntime, decoderOf(), [], { frames: [12, FRAMES, 36] });
    const onRuntime = { ...nodeRuntime, kernels: null };
    const reference = await openLoop(onRuntime, decoderOf(), [], {});
    if (!runner || !reference) throw new Error('The graph is of another build.');
    const tokens = Array.from({ length: ROWS }, (_, row) => [row, 7]);
    for (const frames of [36, 12, FRAMES]) {
      const ours = await runner.prompt(encoded(frames), tokens);
      expectAlike(ours.cross, (await reference.prompt(encoded(frames), tokens)).cross, 1e-5);
    }
    expect(runs).toHaveBeenCalledTimes(3 * 2 * ROWS);
    // a number that was not planned for
    const other = await runner.prompt(encoded(48), tokens);
    expectAlike(other.cross, (await reference.prompt(encoded(48), tokens)).cross, 1e-5);
    expect(runs).toHaveBeenCalledTimes(3 * 2 * ROWS);
    runs.mockRestore();
    await runner.release();
    await reference.release();
  });

  it('are within a step of rounding with 8-bit weights', async () => {
    const { ours, theirs, runs } = await both(decoderOf({ precision: 'q8' }));
    expect(runs).toBe(2 * ROWS);
    // a value that lies between two steps may be rounded to either
    expectAlike(ours.cross, theirs.cross, 0.02);
  });

  it.each([
    ['scaled after', (graph, key) => graph.op('Mul', [turn(graph, key), graph.float(0.3)])],
    ['divided before', (graph, key) => turn(graph, graph.op('Div', [key, graph.float(3)]))],
  ] satisfies [string, Build['prepare']][])(
    'are scaled as attention wants keys, %s',
    async (_, prepare) => {
      for (const precision of ['fp32', 'q8'] as const) {
        const graph = decoderOf({ precision, prepare });
        const { ours, theirs, runs } = await both(graph);
        expect(runs).toBe(2 * ROWS);
        expectAlike(ours.cross, theirs.cross, precision === 'fp32' ? 1e-5 : 0.02);
      }
    },
  );

  it('are written into memory that was given back, and into no other', async () => {
    const runner = await openLoop(nodeRuntime, decoderOf(), [], { frames: [FRAMES] });
    const tokens = Array.from({ length: ROWS }, () => [1]);
    const data = (tensors: Tensors | undefined) => Object.values(tensors ?? {})[0]?.data;
    const first = await runner?.prompt(encoded(), tokens);
    const second = await runner?.prompt(encoded(), tokens);
    const [before, other] = [data(first?.cross), data(second?.cross)] as [Float32Array, unknown];
    expect(other).not.toBe(before);
    expect(other).toEqual(before);
    const copy = before.slice();
    runner?.recycle(first?.cross ?? {});
    const third = await runner?.prompt(encoded(), tokens);
    expect((data(third?.cross) as Float32Array).buffer).toBe(before.buffer);
    expect(data(third?.cross)).toEqual(copy);
    await runner?.release();
  });

  it('are left to ONNX Runtime where they are made in an unknown way', async () => {
    // a scale for each dimension is not a single number
    const odd = decoderOf({
      prepare: (graph, key) => {
        const scales = graph.weight('scales', [SIZE, 1], 1);
        return graph.op('Mul', [turn(graph, key), scales]);
      },
    });
    expect(readFrameProducts(decoderOf(), new Map(), [KEY], HEADS)).toHaveLength(1);
    expect(readFrameProducts(odd, new Map(), ['no such value'], HEADS)).toBeNull();
    const { ours, theirs, runs } = await both(odd);
    expect(runs).toBe(0);
    expect(ours.cross).toEqual(theirs.cross);
  });
});
