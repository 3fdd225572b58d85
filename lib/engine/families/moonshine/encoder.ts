import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import type { InferenceRuntime, InferenceSession, Tensors } from '@/lib/engine/runtime';

/** What the encoder's output is called. */
export const ENCODER_OUTPUT = 'last_hidden_state';

/** Samples from one frame to the next. Exports that mask frames count them in samples. */
export const SAMPLES_PER_FRAME = 64 * 3 * 2;

const INPUT = 'input_values';
const MASK = 'attention_mask';

/**
 * The front end's three convolutions over samples need this many for one frame: kernels of 127, 7
 * and 3 at strides of 64, 3 and 2 (Jeffries et al. 2024, "Moonshine").
 */
export const MIN_SAMPLES = 127 + 64 * (7 - 1 + 3 * (3 - 1));

/** Recordings of one run, at most: more need more memory than they save time. */
const MAX_ROWS = { wasm: 4, webgpu: 8 };

/** Moonshine's encoder: recordings of any length, of one length in a run, to encoded frames. */
export class MoonshineEncoder {
  private readonly hasMask: boolean;
  /** Recordings of one run, at most. */
  readonly maxRows: number;

  /** @throws MODEL_UNSUPPORTED when the graph is not that of a Moonshine encoder */
  constructor(
    private readonly runtime: InferenceRuntime,
    private readonly session: InferenceSession,
  ) {
    const names = session.inputs.map(({ name }) => name);
    const input = session.inputs.find(({ name }) => name === INPUT);
    const fits =
      input?.type === 'float32' &&
      names.every((name) => name === INPUT || name === MASK) &&
      session.outputs.some(({ name }) => name === ENCODER_OUTPUT);
    if (!fits)
      throw new AppError('MODEL_UNSUPPORTED', 'The graph is no Moonshine encoder.', {
        details: { inputs: names.join() },
      });
    this.hasMask = names.includes(MASK);
    const rows = input.shape[0];
    this.maxRows = typeof rows === 'number' ? rows : MAX_ROWS[runtime.backend];
  }

  /**
   * @param recordings 16 kHz PCM, all of one length: padding would change the result
   * @returns [recordings, frames, width], on the GPU where the model runs there; the caller disposes
   * it
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  async encode(recordings: readonly Float32Array[]): Promise<Tensor> {
    const samples = recordings[0]?.length ?? 0;
    const dims = [recordings.length, samples];
    const values = new Float32Array(recordings.length * samples);
    for (const [row, pcm] of recordings.entries()) values.set(pcm, row * samples);
    const feeds: Tensors = { [INPUT]: new this.runtime.Tensor('float32', values, dims) };
    if (this.hasMask)
      feeds[MASK] = new this.runtime.Tensor(
        'int64',
        new BigInt64Array(values.length).fill(1n),
        dims,
      );
    const results = await this.session.run(feeds, [ENCODER_OUTPUT]);
    return results[ENCODER_OUTPUT] as Tensor; // a run hands out what was asked for, or fails
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
