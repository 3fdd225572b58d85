import type { InferenceSession as OrtSession, Tensor } from 'onnxruntime-web';
import { AppError, isAppError } from '@/lib/core';
import type { Backend, ModelFiles } from '@/lib/engine';
import type { KernelSource } from '@/lib/engine/kernels';

/** Named tensors: what goes into a graph, or comes out of it. */
export type Tensors = Record<string, Tensor>;

/** Bytes that a graph keeps beside itself: `encoder-model.onnx.data`. */
export interface ExternalData {
  /** As the graph names it. */
  path: string;
  data: Uint8Array;
}

export interface OpenOptions {
  /** Outputs that stay on the GPU until they are disposed; no meaning on `wasm`. */
  outputsOnGpu?: readonly string[];
  externalData?: readonly ExternalData[];
}

/** An input or output of a graph; `shape` has a name for every free dimension. */
export interface GraphValue {
  name: string;
  type: Tensor.Type;
  shape: readonly (number | string)[];
}

/** A loaded graph. One run at a time: ONNX Runtime does not take a second one meanwhile. */
export interface InferenceSession {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /**
   * Runs the graph. The caller owns what it gets: tensors on the GPU live until `dispose`.
   * @param fetches the outputs wanted; others are not handed out
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  run(feeds: Tensors, fetches: readonly string[]): Promise<Tensors>;
  release(): Promise<void>;
}

/** The ONNX Runtime build of one worker: all that a model family needs of it. */
export interface InferenceRuntime {
  readonly backend: Backend;
  readonly threads: number;
  readonly Tensor: typeof Tensor;
  /** Our own kernels, for what they do faster than ONNX Runtime; `null` where they cannot run. */
  readonly kernels: KernelSource | null;
  /** Graphs are to be run as they were published: no kernels, nothing appended, no loop. */
  readonly asPublished?: boolean;
  /** @throws BACKEND_UNAVAILABLE, RECOGNISE_FAILED (not a graph that it can run), OUT_OF_MEMORY */
  open(graph: Uint8Array, options?: OpenOptions): Promise<InferenceSession>;
}

/** What differs from build to build. */
export interface InferenceRuntimeOptions {
  backend: Backend;
  threads: number;
  /** The build's names for what it runs on, the preferred one first; not given: `backend`. */
  providers?: readonly string[];
  kernels?: KernelSource | null;
  ort: { Tensor: typeof Tensor; InferenceSession: typeof OrtSession };
  /** Turns what the runtime threw into the app's error. */
  translate(error: unknown): AppError;
  /** Rejects when the device is lost; `null` until there is a device, and where there is none. */
  lost?: () => Promise<never> | null;
}

/** Wraps a build of ONNX Runtime. */
export function createInferenceRuntime(setup: InferenceRuntimeOptions): InferenceRuntime {
  const { backend, threads, ort, translate, kernels = null, providers = [backend] } = setup;
  return {
    backend,
    threads,
    Tensor: ort.Tensor,
    kernels,
    async open(graph, { outputsOnGpu = [], externalData = [] } = {}) {
      const onGpu = backend === 'webgpu' && outputsOnGpu.length > 0;
      try {
        const session = await ort.InferenceSession.create(graph, {
          executionProviders: [...providers],
          ...(onGpu
            ? {
                preferredOutputLocation: Object.fromEntries(
                  outputsOnGpu.map((name) => [name, 'gpu-buffer' as const]),
                ),
              }
            : {}),
          ...(externalData.length > 0 ? { externalData } : {}),
        });
        return wrap(session, setup);
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

function wrap(session: OrtSession, { translate, lost }: InferenceRuntimeOptions): InferenceSession {
  return {
    inputs: session.inputMetadata.map(graphValue),
    outputs: session.outputMetadata.map(graphValue),
    async run(feeds, fetches) {
      let results: Tensors;
      try {
        const run = session.run(feeds, [...fetches]) as Promise<Tensors>;
        const loss = lost?.() ?? null;
        results = await (loss ? Promise.race([loss, run]) : run);
      } catch (error) {
        throw translate(error);
      }
      for (const name of fetches)
        if (!results[name])
          throw new AppError('RECOGNISE_FAILED', `The network has no output "${name}".`);
      return results;
    },
    release: () => session.release(),
  };
}

function graphValue(value: OrtSession.ValueMetadata): GraphValue {
  if (!value.isTensor)
    throw new AppError('RECOGNISE_FAILED', `"${value.name}" of the network is not a tensor.`);
  return { name: value.name, type: value.type, shape: value.shape };
}

/**
 * The weights beside a graph, under the name by which the graph asks for them.
 * @param role of the file; none when the model has no such file
 * @throws what reading the file throws
 */
export async function externalData(files: ModelFiles, role: string): Promise<ExternalData[]> {
  if (!files.has(role)) return [];
  return [{ path: files.nameOf(role), data: await files.read(role) }];
}

/** How allocations fail in ONNX Runtime's wasm, in V8 and in Emscripten. */
const MEMORY =
  /out of memory|\bOOM\b|bad_alloc|memory allocation|allocation failed|cannot enlarge/i;

/** What ONNX Runtime and Dawn say when the GPU is gone. */
const DEVICE_LOST = /device (?:was |is |has been )?lost|lost device|external instance reference/i;

/**
 * The meaning of what ONNX Runtime threw. A wasm trap or an abort leaves its heap in any state, and
 * a lost device does not come back: these are fatal, the worker must be replaced.
 */
export function runtimeError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (DEVICE_LOST.test(message))
    return new AppError('GPU_DEVICE_LOST', message, { cause: error, fatal: true });
  if (MEMORY.test(message))
    return new AppError('OUT_OF_MEMORY', message, { cause: error, fatal: true });
  // a bare number is a C++ exception that Emscripten could not name
  const fatal = error instanceof WebAssembly.RuntimeError || typeof error === 'number';
  return new AppError('RECOGNISE_FAILED', message, { cause: error, fatal });
}

/** More threads than this do not pay for so small a network. */
const MAX_THREADS = 4;

/**
 * Wasm threads to ask for: one for each core, up to four; one where the page is not cross-origin
 * isolated, because there is no shared memory then. Two threads on two cores took 0.75 of the time
 * of one for the network, in Chromium with other work on the machine.
 */
export function wasmThreads(cores: number, isIsolated: boolean): number {
  return isIsolated ? Math.max(1, Math.min(cores, MAX_THREADS)) : 1;
}
