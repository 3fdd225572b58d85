// Golden numbers and the command that makes them: lib/engine/diarisation/fixtures/reference.py
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { speech } from '@/lib/engine/audio/features/test-signals';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { openEmbedding } from './embedding-network';
import { powersetClasses } from './powerset';
import { openSegmentation } from './segmentation-network';
import { stitch } from './stitch';

interface Golden {
  powerset: [speakers: number, atOnce: number, classes: number[]][];
  segmentation: { frames: number; runs: [bits: number, frames: number][]; leastMargin: number };
  embedding: number[];
  stitching: {
    windows: { startFrame: number; activity: number[] }[];
    spans: [speaker: number, from: number, to: number][];
  };
}

const golden = JSON.parse(
  readFileSync('lib/engine/diarisation/fixtures/golden.json', 'utf8'),
) as Golden;
const graphOf = (preset: string, path: string) => generate(preset).get(path) ?? new Uint8Array();

describe('diarisation makes the golden numbers', () => {
  it.each(golden.powerset)('of sets of %i speakers, %i at once', (speakers, atOnce, classes) => {
    expect(powersetClasses(speakers, atOnce)).toEqual(classes);
  });

  it('of a segmentation, but where two sets are equally likely', async () => {
    const network = await openSegmentation(
      nodeRuntime,
      graphOf('pyannote-random', 'onnx/model.onnx'),
    );
    const pcm = new Float32Array(network.windowSamples);
    pcm.set(speech());
    const activity = await network.run(pcm);
    const wanted = golden.segmentation.runs.flatMap(([bits, frames]) =>
      Array<number>(frames).fill(bits),
    );
    expect(activity.length).toBe(golden.segmentation.frames);
    expect(wanted.filter((bits, frame) => bits !== activity[frame]).length).toBeLessThanOrEqual(2);
  });

  it('of an embedding', async () => {
    const network = await openEmbedding(
      nodeRuntime,
      graphOf('wespeaker-random', 'speaker-embedding.onnx'),
    );
    const vector = await network.embed(speech());
    expect(vector.length).toBe(golden.embedding.length);
    for (const [at, value] of golden.embedding.entries())
      expect(Math.abs((vector[at] ?? 0) - value)).toBeLessThan(1e-4);
  });

  it('of windows that are stitched', () => {
    const { windows, spans } = golden.stitching;
    const heard = windows.map(({ startFrame, activity }) => ({
      startFrame,
      activity: Uint32Array.from(activity),
      voices: [],
    }));
    const speakers = windows.map(() => [0, 1, 2]);
    const found = stitch(heard, speakers, 1).map(({ speaker, from, to }) => [speaker, from, to]);
    const sorted = (all: number[][]) =>
      [...all].sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
    expect(sorted(found)).toEqual(sorted(spans));
  });
});
