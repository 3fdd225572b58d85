import type { Tensor } from 'onnxruntime-web';
import { AppError } from '../../core/errors';
import { WHISPER_FRAMES, WhisperMel } from '../features/whisper-mel';
import type { Runtime, Session } from '../runtime';
import type { WhisperConfig } from './config';

const OUTPUT = 'last_hidden_state';

/** Windows of one run, at most: more need more memory than they save time. */
const MAX_ROWS = { wasm: 4, webgpu: 8 };

/** Whisper's encoder with its front end: windows of up to 30 s to encoded frames. */
export class WhisperEncoder {
  private readonly mel: WhisperMel;
  private readonly input: string;
  /** Windows of one run, at most. */
  readonly maxRows: number;

  /** @throws MODEL_UNSUPPORTED when the graph is not that of a Whisper encoder of this size */
  constructor(
    private readonly runtime: Runtime,
    private readonly session: Session,
    private readonly bands: WhisperConfig['melBands'],
  ) {
    const [input] = session.inputs;
    const [rows, features] = input?.shape ?? [];
    const fits =
      session.inputs.length === 1 &&
      input?.type === 'float32' &&
      (typeof features === 'string' || features === bands) &&
      session.outputs.some(({ name }) => name === OUTPUT);
    if (!fits)
      throw new AppError('MODEL_UNSUPPORTED', `The graph is no encoder of ${bands} mel bands.`, {
        details: { inputs: session.inputs.map(({ name }) => name).join() },
      });
    this.input = input.name;
    this.mel = new WhisperMel(bands);
    // an export for one row takes one row
    this.maxRows = typeof rows === 'number' ? rows : MAX_ROWS[runtime.backend];
  }

  /**
   * Log-mel features of some windows, to be encoded together.
   * @param windows up to 480,000 samples each
   * @returns [windows, bands, 3000]
   */
  features(windows: readonly Float32Array[]): Float32Array {
    const size = this.bands * WHISPER_FRAMES;
    const features = new Float32Array(windows.length * size);
    for (const [row, pcm] of windows.entries())
      this.mel.compute(pcm, features.subarray(row * size, (row + 1) * size));
    return features;
  }

  /**
   * @param features [rows, bands, 3000]
   * @returns [rows, frames, width], on the GPU where the model runs there; the caller disposes it
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  async encode(features: Float32Array): Promise<Tensor> {
    const rows = features.length / (this.bands * WHISPER_FRAMES);
    const input = new this.runtime.Tensor('float32', features, [rows, this.bands, WHISPER_FRAMES]);
    try {
      const results = await this.session.run({ [this.input]: input }, [OUTPUT]);
      return results[OUTPUT] as Tensor; // a run hands out what was asked for, or fails
    } finally {
      input.dispose();
    }
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** What the encoder's output is called, for a session that leaves it on the GPU. */
export const ENCODER_OUTPUT = OUTPUT;
