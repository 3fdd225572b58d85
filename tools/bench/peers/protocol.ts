// What the comparison's command, page and workers say to each other.

import type { PublishedModel } from '../../../lib/catalogue/catalogue';
import type { Backend } from '../../../lib/engine/types';

/** The engines that are compared. */
export type Side = 'ours' | 'transformers';

/** Weights: of 32-bit floats, or of 8 bits. */
export type Dtype = 'fp32' | 'q8';

/** Where a model runs. */
export interface Place {
  backend: Backend;
  threads: number;
}

/** A model, and how both engines are to run it. */
export interface ModelSetting {
  model: {
    family: 'whisper' | 'moonshine';
    /** Below `/models`. */
    folder: string;
    entry: PublishedModel;
    multilingual: boolean;
  };
  dtype: Dtype;
  /** At most this many for a window. */
  maxTokens: number;
  /**
   * For random weights, which write nothing sensible: an engine would try that again at other
   * temperatures or stop it as a loop. Each window is decoded once, in full, with the rules for
   * times that transformers.js has.
   */
  asPeer: boolean;
  /** Tokens that are then never chosen; `null`: those that our engine leaves out. */
  suppressed: readonly number[] | null;
}

/** What a worker loads. */
export type Setting = ModelSetting & Place;

/** What was loaded. */
export interface Loaded {
  ms: number;
  /** Of the engine, with that of its runtime. */
  version: string;
  /** The runtime's file. */
  runtime: string | undefined;
}

/** Wall time and calls by name, in ms. */
export type Times = Partial<Record<string, { ms: number; calls: number }>>;

/** What became of a window. */
export interface WindowResult {
  text: string;
  tokens: readonly number[];
}

/** Some windows in one call of the engine. */
export interface RunResult {
  ms: number;
  times: Times;
  results: WindowResult[];
}

/** Bytes of WebAssembly memories, and of GPU buffers that were not destroyed: now, and at most. */
export interface HeldBytes {
  wasm: number;
  gpu: number;
  gpuPeak: number;
}

/** The calls of a worker, by name, with their parameters and results. */
export interface Methods {
  load: { params: Setting; result: Loaded };
  /** Windows `first` to `first + count - 1`. */
  run: { params: { first: number; count: number }; result: RunResult };
  held: { params: Record<string, never>; result: HeldBytes };
}

/** Of a worker: what it is called by. */
export type Method = keyof Methods;

/** A call of a worker. */
export interface Call<M extends Method = Method> {
  id: number;
  method: M;
  params: Methods[M]['params'];
}

/** Its answer. */
export type Reply = { id: number; result: unknown } | { id: number; error: string };

/** What WebGPU runs on. */
export interface GpuFacts {
  name: string;
  isSoftware: boolean;
}

declare global {
  /** In the page: starts the worker on its first call. */
  var callWorker: (
    name: string,
    method: Method,
    params: Methods[Method]['params'],
  ) => Promise<unknown>;
  /** In the page: what WebGPU runs on here; `null` where there is none. */
  var describeGpu: () => Promise<GpuFacts | null>;
}
