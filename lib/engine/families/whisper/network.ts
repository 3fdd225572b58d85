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

/** Windows of 30 s of one run, at most: more save little time. On `wasm` a whole batch of segments fits. */
const MAX_ROWS = { wasm: 5, webgpu: 8 };
/** Memory for what the decoder keeps of all windows' encoded frames; on `wasm` that exists twice. */
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
  /** [rows, bands, frames]; where a row has fewer frames, they lie together at its beginning. */
  values: Float32Array;
  /** Of each row. */
  counts: readonly number[];
  /** The most of them. */
  frames: number;
}

/** The encoder, whatever runs it. */
interface EncoderNetwork {
  /** Windows of 30 s of one run, at most; `onlyRow`: a run is of one window, however short. */
  maxRows: number;
  onlyRow: boolean;
  /** Seconds. */
  shortestWindow: number;
  /** Each window may have a length of its own. */
  anyLengths: boolean;
  /** To [rows, frames / 2, width], zeros behind the frames of a shorter row. */
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

  /** Segments are not put into one window beyond this many seconds. */
  get windowSeconds(): number {
    return windowSeconds(this.network.shortestWindow);
  }

  /**
   * Which windows are encoded together.
   * @param windows samples of each
   * @param apart whether each is to have its own length, where that can be
   * @returns indices, by run
   */
  groups(windows: readonly number[], apart = false): number[][] {
    if (this.network.onlyRow) return windows.map((_, index) => [index]);
    const { maxRows, shortestWindow, anyLengths } = this.network;
    return groupWindows(
      windows.map((samples) => windowFrames(samples, shortestWindow)),
      maxRows,
      apart && anyLengths,
    );
  }

  /**
   * Log-mel features of some windows, to be encoded together: all as long as the longest, unless they may be `apart`.
   * @param windows up to 480,000 samples each
   */
  features(windows: readonly Float32Array[], apart = false): WindowFeatures {
    const { shortestWindow, anyLengths } = this.network;
    const own = windows.map(({ length }) => windowFrames(length, shortestWindow));
    const frames = Math.max(0, ...own);
    const counts = apart && anyLengths ? own : own.map(() => frames);
    const size = this.bands * frames;
    const values = new Float32Array(windows.length * size);
    for (const [row, pcm] of windows.entries()) {
      const from = row * size;
      this.mel.compute(pcm, values.subarray(from, from + this.bands * (counts[row] ?? 0)));
    }
    return { values, counts, frames };
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
    anyLengths: true,
    async encode({ values, counts, frames }) {
      const [from, to] = [melBands * frames, (frames / 2) * width];
      const encoded = new Float32Array(counts.length * to);
      for (const [row, count] of counts.entries())
        encoder.encode(
          values.subarray(row * from, row * from + melBands * count),
          encoded.subarray(row * to, row * to + (count / 2) * width),
        );
      return new Tensor('float32', encoded, [counts.length, frames / 2, width]);
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
    anyLengths: false,
    async encode({ values, counts, frames }) {
      const data = input.type === 'float16' ? toHalfBits(values) : values;
      const tensor = new runtime.Tensor(input.type, data, [counts.length, melBands, frames]);
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
