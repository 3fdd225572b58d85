import type { Backend, PartRun } from '@/lib/asr/recogniser';

/** Some windows through a model, run in one way. */
export interface MatrixTask {
  backend: Backend;
  threads: number;
  /** The app's own kernels, where there are any. */
  kernels: boolean;
  /** Of the decoder, by what `openDecoder` calls it. */
  way: 'loop' | 'choice' | 'graph';
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

/** What came of it. */
export interface MatrixResult {
  runs: readonly PartRun[];
  /** Of each window: its text, without times. */
  texts: string[];
  /** Of all windows together: in the encoder, in the decoder. */
  encoderMs: number;
  decoderMs: number;
}

/** What the worker answers. */
export type MatrixAnswer =
  | { kind: 'result'; result: MatrixResult }
  | { kind: 'failed'; reason: string };
