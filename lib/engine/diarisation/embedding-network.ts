import { AppError } from '@/lib/core';
import { KaldiFbank, NemoMel } from '@/lib/engine/audio';
import type { ExternalData, InferenceRuntime, Tensors } from '@/lib/engine/runtime';
import { type EmbeddingGraph, requireEmbedding } from './speaker-model';

/** Bands of all published embeddings. */
const BANDS = 80;
/** NeMo's encoders are run on whole blocks of frames. */
const NEMO_BLOCK_FRAMES = 16;

/** Says how a voice sounds. Runs must not overlap. */
export interface EmbeddingNetwork {
  /**
   * @param pcm at least 0.1 s of one voice, at 16 kHz
   * @returns a vector of length 1: voices are alike as its products are
   * @throws RECOGNISE_FAILED, OUT_OF_MEMORY
   */
  embed(pcm: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * Opens an embedding graph: WeSpeaker's, 3D-Speaker's, NeMo's, or one that takes samples.
 * @throws MODEL_UNSUPPORTED, RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openEmbedding(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  externalData: readonly ExternalData[] = [],
): Promise<EmbeddingNetwork> {
  const facts = requireEmbedding(graph);
  const { output } = facts;
  const session = await runtime.open(graph, { externalData });
  const feedsOf = feedMaker(runtime, facts);
  return {
    async embed(pcm) {
      const vector = (await session.run(feedsOf(pcm), [output]))[output]?.data;
      if (!(vector instanceof Float32Array))
        throw new AppError('RECOGNISE_FAILED', `The embedding gave no ${output}.`);
      return ofLengthOne(vector);
    },
    release: () => session.release(),
  };
}

function feedMaker(
  { Tensor }: InferenceRuntime,
  { input, takes }: EmbeddingGraph,
): (pcm: Float32Array) => Tensors {
  switch (takes.features) {
    case 'waveform': {
      const dims = takes.rank === 2 ? [1] : [1, 1];
      return (pcm) => ({ [input]: new Tensor('float32', pcm, [...dims, pcm.length]) });
    }
    case 'kaldi': {
      const fbank = new KaldiFbank({ bands: BANDS, ...takes });
      return (pcm) => {
        const { features, frames } = fbank.compute(pcm);
        subtractMeans(features, BANDS);
        return { [input]: new Tensor('float32', features, [1, frames, BANDS]) };
      };
    }
    case 'nemo': {
      const mel = new NemoMel(BANDS);
      return (pcm) => {
        const { features, frames } = mel.compute(pcm);
        const padded = Math.ceil(frames / NEMO_BLOCK_FRAMES) * NEMO_BLOCK_FRAMES;
        const data = new Float32Array(BANDS * padded);
        for (let band = 0; band < BANDS; band++)
          data.set(features.subarray(band * frames, (band + 1) * frames), band * padded);
        return {
          [input]: new Tensor('float32', data, [1, BANDS, padded]),
          [takes.lengthInput]: new Tensor('int64', BigInt64Array.of(BigInt(frames)), [1]),
        };
      };
    }
  }
}

/** Takes each band's mean over all frames off it. @param features [frames, bands] */
function subtractMeans(features: Float32Array, bands: number): void {
  const frames = features.length / bands;
  for (let band = 0; band < bands; band++) {
    let sum = 0;
    for (let at = band; at < features.length; at += bands) sum += features[at] ?? 0;
    const mean = sum / frames;
    for (let at = band; at < features.length; at += bands)
      features[at] = (features[at] ?? 0) - mean;
  }
}

function ofLengthOne(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > 0 && Number.isFinite(length)))
    throw new AppError('RECOGNISE_FAILED', `An embedding has the length ${length}.`);
  return vector.map((value) => value / length);
}
