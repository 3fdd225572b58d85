import type { Backend, PartRun } from '@/lib/engine/types';

/** How a decoder is run, by what `openDecoder` calls it. */
export type DecoderWay = 'loop' | 'choice' | 'graph';

/** Some windows through a model: its encoder run in one way, its decoder in one after the other. */
export interface MatrixTask {
  backend: Backend;
  threads: number;
  /** The app's own kernels, where there are any. */
  kernels: boolean;
  ways: readonly DecoderWay[];
  /** Addresses of the model's files, by role. */
  files: Readonly<Record<string, string>>;
  /** Addresses of windows: 16 kHz PCM, 32-bit floats. */
  windows: readonly string[];
  language: string;
  maxTokens: number;
  /** Folder of ONNX Runtime's own files, and that of the kernels. */
  runtimeUrl: string;
  kernelsUrl: string;
}

/** What a decoder wrote, or what it failed with. */
export type WayResult =
  | {
      way: DecoderWay;
      runs: readonly PartRun[];
      /** Of each window: its text, without times. */
      texts: string[];
      /** Of all windows together. */
      decoderMs: number;
    }
  | { way: DecoderWay; failed: string };

/** The outcome of it. */
export interface MatrixResult {
  /** Of all windows together. */
  encoderMs: number;
  ways: WayResult[];
}

declare global {
  /** In the page: runs a task in a worker of its own. */
  var runTask: (task: MatrixTask) => Promise<MatrixResult>;
}

/** What the worker answers. */
export type MatrixAnswer =
  | { kind: 'result'; result: MatrixResult }
  | { kind: 'failed'; reason: string };
