import { describe, expect, it } from 'vitest';
import { type ReadGraph, readGraph } from '@/lib/engine/onnx/read';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { whisperEncoder } from '@/tools/random-models/whisper-encoder';
import { readEncoder } from './encoder-graph';
import { openEncoder } from './network';
import { features, OUTPUT, SIZE, withNormsWrittenOut } from './test-encoder';

const config = {
  melBands: 80,
  encoderHeads: SIZE.heads,
  decoderLayers: 4,
  decoderHeads: 6,
  decoderHeadSize: 64,
  shortestWindow: 30,
} as const;
const onRuntime = { ...nodeRuntime, kernels: null };

/** Features of one window. */
const windowOf = (seed: number, frames = 3000) => {
  const values = features(seed).slice(0, 80 * frames);
  return { values, counts: [frames], frames };
};

interface Setting {
  anyLength?: boolean;
  /** Of windows encoded one after the other; the last one's output counts. */
  lengths?: number[];
}

/** What our kernels and ONNX Runtime make of a window. */
async function bothEncoders(
  precision: 'fp32' | 'q8',
  seed: number,
  { anyLength = false, lengths = [3000] }: Setting = {},
) {
  const graph = whisperEncoder(SIZE, { seed, precision, anyLength });
  expect(readEncoder(readGraph(graph), OUTPUT)).not.toBeNull();
  const known = { ...config, shortestWindow: anyLength ? 2 : 30 };
  const outputs = [];
  for (const runtime of [nodeRuntime, onRuntime]) {
    const encoder = await openEncoder(runtime, graph, [], known);
    let last = new Float32Array(0);
    for (const frames of lengths) {
      const encoded = await encoder.encode(windowOf(seed, frames));
      expect(encoded.dims).toEqual([1, frames / 2, SIZE.width]);
      last = encoded.data as Float32Array<ArrayBuffer>;
    }
    outputs.push(last);
    await encoder.release();
  }
  return outputs as [Float32Array, Float32Array];
}

function worstDifference([ours, theirs]: readonly [Float32Array, Float32Array]): number {
  return ours.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (theirs[at] ?? 0))), 0);
}

describe("Whisper's encoder on the compiled kernels", () => {
  it.each([1, 2, 3])('gives what ONNX Runtime gives, with 32-bit weights %i', async (seed) => {
    expect(worstDifference(await bothEncoders('fp32', seed))).toBeLessThan(1e-4);
  });

  it.each([1, 2, 3])('gives what ONNX Runtime gives, with 8-bit weights %i', async (seed) => {
    const outputs = await bothEncoders('q8', seed);
    // a value that lies between two steps may be rounded to either
    expect(worstDifference(outputs)).toBeLessThan(0.1);
    const sum = outputs[0].reduce(
      (all, value, at) => all + Math.abs(value - (outputs[1][at] ?? 0)),
      0,
    );
    expect(sum / outputs[0].length).toBeLessThan(0.01);
  });

  it('gives what ONNX Runtime gives of shorter windows, whatever came before', async () => {
    const short = { anyLength: true, lengths: [480, 216] };
    expect(worstDifference(await bothEncoders('fp32', 1, short))).toBeLessThan(1e-4);
    expect(worstDifference(await bothEncoders('q8', 1, short))).toBeLessThan(0.1);
  });

  it('gives a model that knows windows of 30 s alone nothing shorter', async () => {
    const graph = whisperEncoder(SIZE, { seed: 1, precision: 'fp32' });
    const pcm = new Float32Array(32_000).fill(0.1);
    for (const runtime of [nodeRuntime, onRuntime])
      for (const [shortestWindow, frames] of [
        [30, 3000],
        // the configuration promises what the graph, as ONNX Runtime runs it, does not keep
        [2, runtime === onRuntime ? 3000 : 240],
      ] as const) {
        const encoder = await openEncoder(runtime, graph, [], { ...config, shortestWindow });
        expect(encoder.features([pcm])).toMatchObject({ counts: [frames], frames });
        await encoder.release();
      }
  });

  it('gives each window as many frames as it has, where they may be apart', async () => {
    const graph = whisperEncoder(SIZE, { seed: 4, precision: 'q8', anyLength: true });
    const known = { ...config, shortestWindow: 2 };
    const encoder = await openEncoder(nodeRuntime, graph, [], known);
    const windows = [5, 3, 4].map((seconds, at) =>
      features(at)
        .subarray(0, 16_000 * seconds)
        .map((value) => value / 10),
    );
    const together = encoder.features(windows, true);
    expect(together.counts).toEqual([552, 360, 456]);
    expect(encoder.features(windows).counts).toEqual([552, 552, 552]);
    expect(encoder.groups([80_000, 16_000, 480_000], true)).toEqual([[2, 0, 1]]);
    expect(encoder.groups([80_000, 16_000, 480_000])).toEqual([[2], [0], [1]]);
    const encoded = (await encoder.encode(together)).data as Float32Array;
    for (const [row, window] of windows.entries()) {
      const alone = (await encoder.encode(encoder.features([window]))).data as Float32Array;
      const from = row * (552 / 2) * SIZE.width;
      expect(encoded.subarray(from, from + alone.length)).toEqual(alone);
    }
    await encoder.release();
    // ONNX Runtime is given all windows of a run at once
    const other = await openEncoder(onRuntime, graph, [], known);
    expect(other.features(windows, true).counts).toEqual([552, 552, 552]);
    await other.release();
  });

  it('gives each window of a run what it gives it alone', async () => {
    const graph = whisperEncoder(SIZE, { seed: 4, precision: 'q8' });
    const encoder = await openEncoder(nodeRuntime, graph, [], config);
    const windows = [features(1), features(2), features(1)];
    const values = joined(windows);
    const together = (await encoder.encode({ values, counts: [3000, 3000, 3000], frames: 3000 }))
      .data as Float32Array;
    const size = 1500 * SIZE.width;
    for (const [row, window] of windows.entries()) {
      const one = { values: window, counts: [3000], frames: 3000 };
      const alone = (await encoder.encode(one)).data as Float32Array;
      expect(together.subarray(row * size, (row + 1) * size)).toEqual(alone);
    }
    await encoder.release();
  });

  it('knows a graph whose normalisations are written out, as old exports have them', () => {
    const graph = readGraph(whisperEncoder(SIZE, { seed: 1, precision: 'fp32' }));
    const weights = readEncoder(graph, OUTPUT);
    expect(weights).not.toBeNull();
    expect(readEncoder(withNormsWrittenOut(graph), OUTPUT)).toEqual(weights);
  });

  it('leaves a graph with anything that it does not know to ONNX Runtime', () => {
    const graph = readGraph(whisperEncoder(SIZE, { seed: 1, precision: 'fp32' }));
    const without = (change: (graph: ReadGraph) => ReadGraph['nodes']) =>
      readEncoder({ ...graph, nodes: change(graph) }, OUTPUT);
    // a layer left out, another operator between, a product more
    expect(without(({ nodes }) => nodes.filter(({ op }) => op !== 'Softmax'))).toBeNull();
    expect(
      without(({ nodes }) =>
        nodes.map((node) => (node.op === 'Erf' ? { ...node, op: 'Tanh' } : node)),
      ),
    ).toBeNull();
    const product = graph.nodes.find(({ op }) => op === 'MatMul');
    expect(without(({ nodes }) => [...nodes, ...(product ? [product] : [])])).toBeNull();
    const halved = new Map(
      [...graph.constants].map(([name, tensor]) => [name, { ...tensor, type: 'other' as const }]),
    );
    expect(readEncoder({ ...graph, constants: halved }, OUTPUT)).toBeNull();
  });
});

function joined(windows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(windows.flatMap((window) => [...window]));
}
