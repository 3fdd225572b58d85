import { AppError } from '@/lib/core';
import type { ExternalData, InferenceRuntime } from '@/lib/engine/runtime';
import { decodePowerset, powersetClasses } from './powerset';
import { requireSegmentation } from './speaker-model';
import type { FrameGrid } from './types';

/** Tells the voices of one window apart. Runs must not overlap. */
export interface SegmentationNetwork extends FrameGrid {
  readonly windowSamples: number;
  /** Voices that it can tell apart in a window. */
  readonly voices: number;
  /**
   * @param pcm a window of 16 kHz PCM
   * @returns a byte for each frame, in which bit v is set while voice v speaks
   * @throws RECOGNISE_FAILED, OUT_OF_MEMORY
   */
  run(pcm: Float32Array): Promise<Uint8Array>;
  release(): Promise<void>;
}

/**
 * Opens a segmentation graph of pyannote's form: PCM [1, 1, samples] to scores [1, frames, classes].
 * @throws MODEL_UNSUPPORTED, RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openSegmentation(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  externalData: readonly ExternalData[] = [],
): Promise<SegmentationNetwork> {
  const facts = requireSegmentation(graph);
  const { input, output, windowSamples, frameSamples, fieldSamples } = facts;
  const classes = powersetClasses(facts.speakers, facts.atOnce);
  const session = await runtime.open(graph, { externalData });
  return {
    windowSamples,
    frameSamples,
    // a frame sees more than its own samples, as much on either side
    offsetSamples: Math.round((fieldSamples - frameSamples) / 2),
    voices: facts.speakers,
    async run(pcm) {
      const feeds = { [input]: new runtime.Tensor('float32', pcm, [1, 1, pcm.length]) };
      const scores = (await session.run(feeds, [output]))[output]?.data;
      if (!(scores instanceof Float32Array))
        throw new AppError('RECOGNISE_FAILED', `The segmentation gave no ${output}.`);
      return decodePowerset(scores, classes);
    },
    release: () => session.release(),
  };
}
