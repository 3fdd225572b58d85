import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '@/lib/core';
import type { LoadParams } from '@/lib/engine';
import type { KernelSource } from '@/lib/engine/kernels';
import { createInferenceRuntime, type InferenceRuntime, runtimeError } from '@/lib/engine/runtime';
import { messageOf } from '../command/errors';
import { root } from '../command/root';
import { readSettings } from './settings';
import { spawnThread } from './spawn-thread';

/** ONNX Runtime's own build of WebAssembly, as the browser runs it. */
export const WASM_FOLDER = pathToFileURL(join(root, 'node_modules/onnxruntime-web/dist/')).href;
const KERNELS = join(root, 'public', 'kernels', 'kernels.wasm');

/** A second one gains nothing on WebAssembly (docs/benchmarks.md). */
const WASM_THREADS = 1;
/** Threads beyond these do not make the built-in models faster. */
const MAX_NATIVE_THREADS = 4;

type Ort = typeof import('onnxruntime-web');

/**
 * Starts what networks run on: the native ONNX Runtime where it is installed, on CUDA where it finds it, and
 * else the browser's WebAssembly, which gives the browser's words.
 * @param threads of the recogniser; `null`: as many as the runtime gains from
 * @throws BACKEND_UNAVAILABLE when what `WORKER_RUNTIME` asks for is not here
 */
export async function startRuntime({
  threads,
}: Pick<LoadParams, 'threads'>): Promise<InferenceRuntime> {
  const { runtime } = readSettings();
  if (runtime !== 'wasm') {
    const native = await loadNative();
    if (native)
      return nativeRuntime(native, threads ?? Math.min(availableParallelism(), MAX_NATIVE_THREADS));
    if (runtime === 'native')
      throw new AppError(
        'BACKEND_UNAVAILABLE',
        'WORKER_RUNTIME=native needs the package onnxruntime-node, which is not installed or does not run here.',
      );
  }
  return wasmRuntime(threads ?? WASM_THREADS);
}

async function wasmRuntime(threads: number): Promise<InferenceRuntime> {
  // in Node this is its build for Node, which starts threads of its own
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = threads;
  return createInferenceRuntime({
    backend: 'wasm',
    threads,
    kernels: loadKernels(threads),
    ort,
    translate: runtimeError,
  });
}

/** Without them ONNX Runtime does their work. */
function loadKernels(threads: number): KernelSource | null {
  try {
    return {
      module: new WebAssembly.Module(readFileSync(KERNELS)),
      bytes: null,
      threads,
      startThread(start) {
        const thread = spawnThread('./kernel-thread.ts');
        thread.postMessage(start, []);
        return thread;
      },
    };
  } catch (error) {
    console.warn(`The encoder runs without own kernels: ${messageOf(error)}`);
    return null;
  }
}

/** The native build; `null` where it is not installed, or does not run here. */
async function loadNative(): Promise<Ort | null> {
  try {
    // both builds are made from the same declarations
    return (await import('onnxruntime-node')) as Ort;
  } catch {
    return null;
  }
}

/** Whether the part that runs on CUDA was installed: asking for it otherwise fills the log with its absence. */
function hasCuda(): boolean {
  const folder = join(root, 'node_modules', 'onnxruntime-node', 'bin');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((path) =>
    path.endsWith(join(process.platform, process.arch, 'libonnxruntime_providers_cuda.so')),
  );
}

async function nativeRuntime(ort: Ort, threads: number): Promise<InferenceRuntime> {
  const options = { translate: runtimeError, backend: 'wasm' as const, threads, ort };
  const cpu = createInferenceRuntime({ ...options, providers: ['cpu'] });
  const gpu = createInferenceRuntime({ ...options, providers: ['cuda', 'cpu'] });
  ort.env.logLevel = 'error';
  let hasGpu = hasCuda();
  return {
    ...cpu,
    async open(graph, openOptions) {
      if (hasGpu)
        try {
          return await gpu.open(graph, openOptions);
        } catch {
          // the machine has no such GPU, or not its libraries
          hasGpu = false;
        }
      return cpu.open(graph, openOptions);
    },
  };
}
