import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import type { Backend, PartRun } from '@/lib/engine';
import { WHISPER_FRAMES, WhisperMel } from '@/lib/engine/audio';
import type { KernelSource } from '@/lib/engine/kernels';
import { readGraph } from '@/lib/engine/onnx';
import {
  type ExternalData,
  type InferenceRuntime,
  openFastest,
  toHalfBits,
} from '@/lib/engine/runtime';
import type { WhisperConfig } from './config';
import { readEncoder } from './encoder-graph';
import { loadKernelEncoder } from './encoder-kernels';
import { frameCounts, groupWindows, WHISPER_SECONDS, windowFrames, windowSeconds } from './windows';

const OUTPUT = 'last_hidden_state';

/** Windows of 30 s of one run, at most: more save little time. */
const MAX_ROWS = { wasm: 4, webgpu: 8 };
/** For what the decoder keeps of the encoded frames of all windows; on `wasm` it is there twice. */
const KEPT_BYTES = 256e6;

/** Windows of 30 s of one run that fit into memory, at most. */
function mostRows(backend: Backend, config: EncoderConfig): number {
  if (backend === 'webgpu') return MAX_ROWS.webgpu;
  const { decoderLayers, decoderHeads, decoderHeadSize } = config;
  const frames = WHISPER_FRAMES / 2;
  // a key and a value for each layer
  const bytes = decoderLayers * 2 * frames * decoderHeads * decoderHeadSize * 4;
  return Math.max(1, Math.min(MAX_ROWS.wasm, Math.floor(KEPT_BYTES / bytes)));
}

/** Log-mel features of some windows that are encoded together. */
export interface WindowFeatures {
  /** [rows, bands, frames] */
  values: Float32Array;
  rows: number;
  frames: number;
}

/** The encoder, whatever runs it. */
interface EncoderNetwork {
  /** Windows of 30 s of one run, at most; `onlyRow`: a run is of one window, however short. */
  maxRows: number;
  onlyRow: boolean;
  /** Seconds. */
  shortestWindow: number;
  /** To [rows, frames / 2, width]. */
  encode(features: WindowFeatures): Promise<Tensor>;
  release(): Promise<void>;
}

/** Whisper's encoder with its front end: windows of up to 30 s to encoded frames. */
export class WhisperEncoder {
  private readonly mel: WhisperMel;

  /** @param run how the network is run */
  constructor(
    private readonly network: EncoderNetwork,
    private readonly bands: WhisperConfig['melBands'],
    readonly run: PartRun,
  ) {
    this.mel = new WhisperMel(bands);
  }

  /** Windows of 30 s that are run together, at most. */
  get maxRows(): number {
    return this.network.maxRows;
  }

  /** Seconds beyond which segments are not put into one window. */
  get windowSeconds(): number {
    return windowSeconds(this.network.shortestWindow);
  }

  /**
   * Which windows are encoded together.
   * @param windows samples of each
   * @returns indices, by run
   */
  groups(windows: readonly number[]): number[][] {
    if (this.network.onlyRow) return windows.map((_, index) => [index]);
    const { maxRows, shortestWindow } = this.network;
    return groupWindows(
      windows.map((samples) => windowFrames(samples, shortestWindow)),
      maxRows,
    );
  }

  /**
   * Log-mel features of some windows, to be encoded together: all as long as the longest.
   * @param windows up to 480,000 samples each
   */
  features(windows: readonly Float32Array[]): WindowFeatures {
    const { shortestWindow } = this.network;
    const longest = windows.reduce((most, { length }) => Math.max(most, length), 0);
    const frames = windowFrames(longest, shortestWindow);
    const size = this.bands * frames;
    const values = new Float32Array(windows.length * size);
    for (const [row, pcm] of windows.entries())
      this.mel.compute(pcm, values.subarray(row * size, (row + 1) * size));
    return { values, rows: windows.length, frames };
  }

  /**
   * @returns [rows, frames / 2, width], on the GPU where the model runs there; the caller disposes it
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  encode(features: WindowFeatures): Promise<Tensor> {
    return this.network.encode(features);
  }

  release(): Promise<void> {
    return this.network.release();
  }
}

type EncoderConfig = Pick<
  WhisperConfig,
  | 'melBands'
  | 'encoderHeads'
  | 'decoderLayers'
  | 'decoderHeads'
  | 'decoderHeadSize'
  | 'shortestWindow'
>;

/**
 * Opens a published encoder: on our own kernels where there are any and they know it, else as ONNX
 * Runtime runs it.
 * @throws MODEL_UNSUPPORTED when the graph is not that of a Whisper encoder of this size,
 * BACKEND_UNAVAILABLE, RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openEncoder(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  externalData: readonly ExternalData[],
  config: EncoderConfig,
): Promise<WhisperEncoder> {
  const { kernels } = runtime;
  const { opened, run } = await openFastest<EncoderNetwork>(
    'encoder',
    kernels
      ? [
          {
            by: 'kernels',
            open: () => kernelNetwork({ ...runtime, kernels }, graph, externalData, config),
          },
        ]
      : [],
    { by: 'graph', open: () => sessionNetwork(runtime, graph, externalData, config) },
  );
  return new WhisperEncoder(opened, config.melBands, run);
}

async function kernelNetwork(
  { kernels, backend, Tensor }: InferenceRuntime & { kernels: KernelSource },
  bytes: Uint8Array,
  externalData: readonly ExternalData[],
  config: EncoderConfig,
): Promise<EncoderNetwork | null> {
  const { melBands, encoderHeads, shortestWindow } = config;
  const files = new Map(externalData.map(({ path, data }) => [path, data]));
  const weights = readEncoder(readGraph(bytes, files), OUTPUT);
  if (weights?.first.depth !== 3 * melBands) return null;
  const counts = frameCounts(shortestWindow);
  const encoder = await loadKernelEncoder(kernels, weights, encoderHeads, counts);
  if (!encoder) return null;
  const { width } = encoder;
  return {
    maxRows: mostRows(backend, config),
    onlyRow: false,
    shortestWindow,
    async encode({ values, rows, frames }) {
      const [from, to] = [melBands * frames, (frames / 2) * width];
      const encoded = new Float32Array(rows * to);
      for (let row = 0; row < rows; row++)
        encoder.encode(
          values.subarray(row * from, (row + 1) * from),
          encoded.subarray(row * to, (row + 1) * to),
        );
      return new Tensor('float32', encoded, [rows, frames / 2, width]);
    },
    async release() {
      encoder.release();
    },
  };
}

async function sessionNetwork(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  externalData: readonly ExternalData[],
  config: EncoderConfig,
): Promise<EncoderNetwork> {
  const { melBands } = config;
  const session = await runtime.open(graph, { externalData, outputsOnGpu: [OUTPUT] });
  const [input] = session.inputs;
  const [rowsOfExport, bands, framesOfExport] = input?.shape ?? [];
  const fits =
    session.inputs.length === 1 &&
    (input?.type === 'float32' || input?.type === 'float16') &&
    (typeof bands === 'string' || bands === melBands) &&
    session.outputs.some(({ name }) => name === OUTPUT);
  if (!fits) {
    const inputs = session.inputs.map(({ name }) => name).join();
    await session.release();
    throw new AppError('MODEL_UNSUPPORTED', `The graph is no encoder of ${melBands} mel bands.`, {
      details: { inputs },
    });
  }
  return {
    maxRows: mostRows(runtime.backend, config),
    onlyRow: typeof rowsOfExport === 'number',
    // whatever the model was trained on, the graph may be for 30 s
    shortestWindow: typeof framesOfExport === 'number' ? WHISPER_SECONDS : config.shortestWindow,
    async encode({ values, rows, frames }) {
      const data = input.type === 'float16' ? toHalfBits(values) : values;
      const tensor = new runtime.Tensor(input.type, data, [rows, melBands, frames]);
      try {
        const results = await session.run({ [input.name]: tensor }, [OUTPUT]);
        return results[OUTPUT] as Tensor; // a run hands out what was asked for, or fails
      } finally {
        tensor.dispose();
      }
    },
    release: () => session.release(),
  };
}
