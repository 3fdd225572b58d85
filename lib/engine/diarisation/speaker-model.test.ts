import { describe, expect, it } from 'vitest';
import { NemoMel } from '@/lib/engine/audio';
import { speech } from '@/lib/engine/audio/features/test-signals';
import { writeModel } from '@/lib/engine/onnx';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { withMetadata } from '@/tools/random-models/speakers';
import { openEmbedding } from './embedding-network';
import { openSegmentation } from './segmentation-network';
import { describeSpeakerModel } from './speaker-model';

const graphOf = (preset: string) => {
  const [graph] = [...generate(preset)].filter(([path]) => path.endsWith('.onnx'));
  return graph?.[1] ?? new Uint8Array();
};

/** A graph with this interface, which computes nothing. */
const bare = (input: (number | string)[], output: (number | string)[]) =>
  writeModel('bare', {
    inputs: [{ name: 'x', dims: input }],
    outputs: [{ name: 'y', dims: output }],
    constants: [],
    nodes: [],
  });

describe('describeSpeakerModel', () => {
  it('knows pyannote’s segmentation', () => {
    expect(describeSpeakerModel(graphOf('pyannote-random'))).toEqual({
      kind: 'segmentation',
      input: 'input_values',
      output: 'logits',
      windowSamples: 160_000,
      frameSamples: 270,
      fieldSamples: 991,
      speakers: 3,
      atOnce: 2,
      classes: 7,
    });
  });

  it('takes windows and sets from what a publisher wrote into the file', () => {
    const metadata = { window_size: 80_000, num_speakers: 4, powerset_max_classes: 2 };
    const graph = withMetadata(bare(['N', 1, 'T'], ['N', 'T', 11]), metadata);
    expect(describeSpeakerModel(graph)).toMatchObject({
      kind: 'segmentation',
      windowSamples: 80_000,
      speakers: 4,
      classes: 11,
    });
  });

  it('knows WeSpeaker’s embeddings, and 3D-Speaker’s by what is written into them', () => {
    const graph = graphOf('wespeaker-random');
    expect(describeSpeakerModel(graph)).toMatchObject({
      kind: 'embedding',
      takes: { features: 'kaldi', window: 'hamming', scale: 32_768 },
    });
    expect(describeSpeakerModel(withMetadata(graph, { framework: '3d-speaker' }))).toMatchObject({
      takes: { features: 'kaldi', window: 'povey', scale: 1 },
    });
  });

  it('knows TitaNet, and which of its outputs is the embedding', () => {
    expect(describeSpeakerModel(graphOf('titanet-random'))).toMatchObject({
      kind: 'embedding',
      input: 'audio_signal',
      output: 'embs',
      takes: { features: 'nemo', lengthInput: 'length' },
    });
  });

  it('knows embeddings that take samples', () => {
    expect(describeSpeakerModel(bare(['N', 'T'], ['N', 192]))).toMatchObject({
      kind: 'embedding',
      takes: { features: 'waveform', rank: 2 },
    });
    expect(describeSpeakerModel(bare(['N', 1, 'T'], ['N', 192]))).toMatchObject({
      takes: { features: 'waveform', rank: 3 },
    });
  });

  it.each([
    ['a recogniser', graphOf('nemo-ctc-random')],
    ['scores of sets that are no powerset', bare(['N', 1, 'T'], ['N', 'T', 5])],
    ['bytes that are no graph', Uint8Array.of(8, 255)],
    ['nothing', new Uint8Array()],
  ])('refuses %s', (_, graph) => {
    expect(describeSpeakerModel(graph)).toBeNull();
  });
});

describe('networks', () => {
  it('refuse graphs of another kind', async () => {
    const refused = { code: 'MODEL_UNSUPPORTED' };
    const segmentation = openSegmentation(nodeRuntime, graphOf('wespeaker-random'));
    await expect(segmentation).rejects.toMatchObject(refused);
    const embedding = openEmbedding(nodeRuntime, graphOf('pyannote-random'));
    await expect(embedding).rejects.toMatchObject(refused);
  });

  it('give TitaNet whole blocks of frames, and their true number', async () => {
    const graph = graphOf('titanet-random');
    const network = await openEmbedding(nodeRuntime, graph);
    const session = await nodeRuntime.open(graph);
    const { features, frames } = new NemoMel(80).compute(speech());
    expect(frames % 16).not.toBe(0);
    // the same frames without any behind them
    const { embs } = await session.run(
      {
        audio_signal: new nodeRuntime.Tensor('float32', features, [1, 80, frames]),
        length: new nodeRuntime.Tensor('int64', BigInt64Array.of(BigInt(frames)), [1]),
      },
      ['embs'],
    );
    const plain = embs?.data as Float32Array;
    const length = Math.hypot(...plain);
    const vector = await network.embed(speech());
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    // padding changes the mean over time by the share of frames that were added
    for (const [at, value] of vector.entries())
      expect(Math.abs(value - (plain[at] ?? 0) / length)).toBeLessThan(0.05);
  });
});
