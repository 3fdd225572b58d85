import * as ort from 'onnxruntime-web/wasm';
import { nodeKernels } from '@/lib/engine/kernels/test-kernels';
import { createInferenceRuntime, type InferenceRuntime, runtimeError } from './runtime';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL(
  '../../../node_modules/onnxruntime-web/dist/',
  import.meta.url,
).href;

/** The app's own wasm build on one thread, for tests in Node. */
export const nodeRuntime: InferenceRuntime = createInferenceRuntime({
  backend: 'wasm',
  threads: 1,
  kernels: nodeKernels,
  ort,
  translate: runtimeError,
});
