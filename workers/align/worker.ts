import * as ort from 'onnxruntime-web/wasm';
import { fetchModelFile } from '@/lib/catalogue';
import { alignHandlers } from '@/lib/engine/families';
import { serve } from '@/lib/engine/rpc';
import { createInferenceRuntime, runtimeError } from '@/lib/engine/runtime';
import type { AlignMethods } from './protocol';

/** Threads cannot be changed once the runtime has started. */
let hasStarted = false;

serve<AlignMethods>(
  self,
  alignHandlers({ fetchFile: fetchModelFile }, async ({ runtimeUrl, threads }) => {
    if (!hasStarted) {
      ort.env.wasm.wasmPaths = runtimeUrl;
      ort.env.wasm.numThreads = self.crossOriginIsolated ? threads : 1;
      hasStarted = true;
    }
    return createInferenceRuntime({
      backend: 'wasm',
      threads: ort.env.wasm.numThreads ?? 1,
      ort,
      translate: runtimeError,
    });
  }),
);
