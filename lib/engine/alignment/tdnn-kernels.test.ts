import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import { nodeKernels } from '@/lib/engine/kernels/test-kernels';
import { type ReadGraph, readGraph } from '@/lib/engine/onnx/read';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { openPhoneNetwork, ortNetwork, type PhoneNetwork } from './phone-network';
import { tdnnNetwork } from './tdnn-kernels';
import { readTdnn } from './tdnn-weights';

const folder = new URL('../../../public/models/ai2text-en/', import.meta.url);
const file = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const published = file('model.int8.onnx');
const graph = readGraph(published);
const clip = await readWavPcm(new Blob([file('known-clip.wav')]));

describe('the weights of Draft', () => {
  it('are found in its graph, with how far each block looks', () => {
    const weights = readTdnn(graph);
    expect(weights?.blocks.map(({ dilation }) => dilation)).toEqual([
      1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 6, 6,
    ]);
    expect(weights?.guessAfter).toBe(6);
  });

  it('are not found where a part is another', () => {
    // products in 32 bits, as WebGPU has them
    expect(readTdnn(readGraph(file('model.onnx')))).toBeNull();
    for (const name of ['blocks.3.norm.bias', '/guess/MatMul_output_0_w', 'head.bias']) {
      const constants = new Map(graph.constants);
      constants.delete(name);
      expect(readTdnn({ ...graph, constants })).toBeNull();
    }
    const unpadded: ReadGraph = {
      ...graph,
      nodes: graph.nodes.filter(({ outputs: [name] }) => name !== '/blocks.7/Concat_output_0'),
    };
    expect(readTdnn(unpadded)).toBeNull();
  });
});

describe('the network', () => {
  it.each([
    ['model.int8.onnx', { by: 'kernels', reason: null }],
    ['model.onnx', { by: 'graph', reason: 'kernels: this export is of another form' }],
  ])('of %s says how it runs', async (name, expected) => {
    const { opened, run } = await openPhoneNetwork(nodeRuntime, file(name));
    expect(run).toMatchObject(expected);
    expect((await opened.run(clip, [clip.length])).frames).toBe(Math.ceil(clip.length / 480));
    await opened.release();
  });
});

describe.each([
  ['16-bit integers', null],
  // without relaxed instructions bytes have a sign
  ['bytes', { less: 128, inPairs: false }],
] as const)('Draft on the kernels in %s', (_, bytes) => {
  let network: PhoneNetwork;
  let right: PhoneNetwork;

  beforeAll(async () => {
    const weights = readTdnn(graph);
    const loaded = weights && (await tdnnNetwork({ ...nodeKernels, bytes }, weights));
    if (!loaded) throw new Error('The weights do not fit.');
    network = loaded;
    right = ortNetwork(nodeRuntime, await nodeRuntime.open(published));
  });

  afterAll(() => Promise.all([network.release(), right.release()]));

  it.each([
    ['a clip', clip],
    ['a part of it that is quieter', clip.slice(9_000, 60_001).map((sample) => 0.1 * sample)],
    ['a moment', clip.slice(0, 161)],
    ['silence', new Float32Array(20_000)],
  ])('hears what its graph hears in %s', async (_name, pcm) => {
    const [found, expected] = [
      await network.run(pcm, [pcm.length]),
      await right.run(pcm, [pcm.length]),
    ];
    expect([found.frames, found.units]).toEqual([expected.frames, expected.units]);
    const apart = found.data.map((value, at) =>
      Math.abs(Math.exp(value) - Math.exp(expected.data[at] ?? Number.NaN)),
    );
    expect(Math.max(...apart)).toBeLessThan(0.05);
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(5e-4);
  });

  it('scores a row of a padded batch as it scores it alone, whatever it heard before', async () => {
    const [short, long] = [clip.slice(0, 30_123), clip];
    const padded = new Float32Array(2 * long.length);
    padded.set(long);
    padded.set(short, long.length);
    const together = await network.run(padded, [long.length, short.length]);
    const alone = await network.run(short, [short.length]);
    const from = together.frames * together.units;
    expect(together.data.subarray(from, from + alone.data.length)).toEqual(alone.data);
  });

  it('refuses what is longer than a segment', async () => {
    const pcm = new Float32Array(41 * 16_000);
    await expect(network.run(pcm, [pcm.length])).rejects.toMatchObject({
      code: 'RECOGNISE_FAILED',
    });
  });
});
