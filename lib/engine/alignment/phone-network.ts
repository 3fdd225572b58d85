import { AppError } from '@/lib/core';
import type { PartRun } from '@/lib/engine';
import type { KernelSource } from '@/lib/engine/kernels';
import { readGraph } from '@/lib/engine/onnx';
import { type InferenceRuntime, type InferenceSession, openFastest } from '@/lib/engine/runtime';
import { tdnnNetwork } from './tdnn-kernels';
import { readTdnn } from './tdnn-weights';

/** Phone log-probabilities of a batch: `[rows, frames, units]`, row after row. */
export interface PhoneScores {
  data: Float32Array;
  frames: number;
  units: number;
}

/** What the engine needs of a loaded network, whatever runs it. */
export interface PhoneNetwork {
  /**
   * @param pcm `[lengths.length, samples]`, zero after each row's length
   * @throws RECOGNISE_FAILED, GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  run(pcm: Float32Array, lengths: readonly number[]): Promise<PhoneScores>;
  release(): Promise<void>;
}

/**
 * Opens the network of `training/export.py`: on our own kernels where there are any and they know it, else as ONNX Runtime
 * runs it.
 * @returns the network, and how it is run
 * @throws BACKEND_UNAVAILABLE, RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openPhoneNetwork(
  runtime: InferenceRuntime,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ opened: PhoneNetwork; run: PartRun }> {
  const { kernels } = runtime;
  const onKernels = async (source: KernelSource) => {
    const weights = readTdnn(readGraph(bytes));
    return weights && tdnnNetwork(source, weights);
  };
  return openFastest<PhoneNetwork>(
    'encoder',
    kernels ? [{ by: 'kernels', open: () => onKernels(kernels) }] : [],
    { by: 'graph', open: async () => ortNetwork(runtime, await runtime.open(bytes)) },
  );
}

/** The network of `training/export.py` in a session of the worker's runtime. */
export function ortNetwork(
  { Tensor }: Pick<InferenceRuntime, 'Tensor'>,
  session: InferenceSession,
): PhoneNetwork {
  return {
    async run(pcm, lengths) {
      const rows = lengths.length;
      const feeds = {
        pcm: new Tensor('float32', pcm, [rows, pcm.length / rows]),
        lengths: new Tensor('int64', BigInt64Array.from(lengths, BigInt), [rows]),
      };
      const { phones } = await session.run(feeds, ['phones']);
      const [, frames, units] = phones?.dims ?? [];
      if (!phones || frames === undefined || units === undefined)
        throw new AppError('RECOGNISE_FAILED', 'The network has no output "phones" of rank 3.');
      const data = phones.data;
      if (!(data instanceof Float32Array))
        throw new AppError('RECOGNISE_FAILED', `The network answers in ${phones.type}.`);
      return { data, frames, units };
    },
    release: () => session.release(),
  };
}
