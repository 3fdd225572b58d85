import { AppError } from '@/lib/core';
import type { InferenceRuntime, InferenceSession, OpenOptions } from '@/lib/engine/runtime';
import { bandsOf } from './ctc-network';
import { type Features, stackFeatures } from './features';
import { dimensionOf, type GraphInterface, requireInterface } from './interface';
import type { EncodedRow } from './tdt';
import { subsamplingOf } from './tokens';

/** Encoder of a transducer. */
export interface NemoEncoder {
  /** Mel bands of the features. */
  bands: 80 | 128;
  /** Width of an encoder frame; `null`: the graph does not say. */
  width: number | null;
  /** @throws RECOGNISE_FAILED; what `Session.run` throws */
  run(rows: readonly Features[]): Promise<{ rows: EncodedRow[]; subsampling: number }>;
  release(): Promise<void>;
}

const FREE = null;

const ENCODER: GraphInterface = {
  inputs: [
    { name: 'audio_signal', type: 'float32', dims: [FREE, FREE, FREE] },
    { name: 'length', type: 'int64', dims: [FREE] },
  ],
  outputs: [
    { name: 'outputs', type: 'float32', dims: [FREE, FREE, FREE] },
    { name: 'encoded_lengths', type: 'int64', dims: [FREE] },
  ],
};

/**
 * Opens `encoder-model.onnx`.
 * @throws MODEL_UNSUPPORTED for another interface; what `InferenceRuntime.open` throws
 */
export async function openEncoder(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  options: OpenOptions,
): Promise<NemoEncoder> {
  const session = await runtime.open(graph, options);
  try {
    requireInterface(session, 'encoder', ENCODER);
    const bands = bandsOf(session, 'audio_signal', 1) ?? 128;
    return {
      bands,
      width: dimensionOf(session.outputs, 'outputs', 1),
      run: (rows) => encode(runtime, session, bands, rows),
      release: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function encode(
  { Tensor }: InferenceRuntime,
  session: InferenceSession,
  bands: number,
  features: readonly Features[],
) {
  const { data, frames, lengths } = stackFeatures(features, bands, 'bands-first');
  const feeds = {
    audio_signal: new Tensor('float32', data, [lengths.length, bands, frames]),
    length: new Tensor('int64', BigInt64Array.from(lengths, BigInt), [lengths.length]),
  };
  const results = await session.run(feeds, ['outputs', 'encoded_lengths']);
  const encoded = results.outputs?.data;
  const valid = results.encoded_lengths?.data;
  const [, width = 0, stride = 0] = results.outputs?.dims ?? [];
  if (!(encoded instanceof Float32Array) || !(valid instanceof BigInt64Array))
    throw new AppError('RECOGNISE_FAILED', 'The encoder answers in other types.', {
      details: { outputs: results.outputs?.type ?? null },
    });
  const rows = lengths.map(
    (_, row): EncodedRow => ({
      data: encoded,
      offset: row * width * stride,
      stride,
      frames: Math.min(stride, Number(valid[row] ?? 0n)),
    }),
  );
  return { rows, subsampling: subsamplingOf(frames, stride) };
}
