import { describe, expect, it } from 'vitest';
import { type ReadGraph, readGraph } from '@/lib/onnx/graph';
import { whisperEncoder } from '@/scripts/models/whisper-encoder';
import { nodeRuntime } from '../test-runtime';
import { readEncoder } from './encoder-graph';
import { openEncoder } from './network';
import { features, OUTPUT, SIZE, withNormsWrittenOut } from './test-encoder';

const config = {
  melBands: 80,
  encoderHeads: SIZE.heads,
  decoderLayers: 4,
  decoderHeads: 6,
  decoderHeadSize: 64,
} as const;
const onRuntime = { ...nodeRuntime, kernels: null };

async function bothEncoders(precision: 'fp32' | 'q8', seed: number) {
  const graph = whisperEncoder(SIZE, { seed, precision });
  expect(readEncoder(readGraph(graph), OUTPUT)).not.toBeNull();
  const encoders = [
    await openEncoder(nodeRuntime, graph, [], config),
    await openEncoder(onRuntime, graph, [], config),
  ];
  const outputs = [];
  for (const encoder of encoders) {
    const encoded = await encoder.encode(features(seed));
    expect(encoded.dims).toEqual([1, 1500, SIZE.width]);
    outputs.push(encoded.data as Float32Array);
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

  it('gives each window of a run what it gives it alone', async () => {
    const graph = whisperEncoder(SIZE, { seed: 4, precision: 'q8' });
    const encoder = await openEncoder(nodeRuntime, graph, [], config);
    const windows = [features(1), features(2), features(1)];
    const together = (await encoder.encode(joined(windows))).data as Float32Array;
    const size = 1500 * SIZE.width;
    for (const [row, window] of windows.entries()) {
      const alone = (await encoder.encode(window)).data as Float32Array;
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
