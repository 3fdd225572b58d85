import type { Env } from 'onnxruntime-web';
import type { IntegerProducts } from '@/lib/engine';
import type { KernelSource } from '@/lib/engine/kernels';
import {
  createInferenceRuntime,
  type InferenceRuntime,
  type InferenceRuntimeOptions,
  runtimeError,
} from './runtime';

/** What a worker is started with. */
export interface WasmStart {
  /** Absolute address of the folder with the runtime's files, ending in a slash. */
  runtimeUrl: string;
  /** How many threads to use where the page is cross-origin isolated; else, and for `null`, it is one. */
  threads: number | null;
  /** How kernels multiply integers here, where that was measured before. */
  products?: IntegerProducts | undefined;
}

/**
 * Starts a worker's wasm build of ONNX Runtime. The first call decides the number of threads, which cannot be changed
 * once the runtime has started.
 * @param loadKernels called once, with the number of threads
 */
export function createWasmStart(
  ort: InferenceRuntimeOptions['ort'] & { env: Env },
  loadKernels?: (start: WasmStart & { threads: number }) => Promise<KernelSource | null>,
): (start: WasmStart) => Promise<InferenceRuntime> {
  let startedThreads: number | null = null;
  let kernels: Promise<KernelSource | null> | null = null;
  return async ({ runtimeUrl, threads, products }) => {
    if (startedThreads === null) {
      startedThreads = globalThis.crossOriginIsolated ? (threads ?? 1) : 1;
      ort.env.wasm.wasmPaths = runtimeUrl;
      ort.env.wasm.numThreads = startedThreads;
      kernels = loadKernels?.({ runtimeUrl, threads: startedThreads, products }) ?? null;
    }
    return createInferenceRuntime({
      backend: 'wasm',
      threads: startedThreads,
      kernels: await kernels,
      ort,
      translate: runtimeError,
    });
  };
}
