import * as ort from 'onnxruntime-web/wasm';
import { openInstalled } from '@/lib/client/model-library/downloads/installed';
import { diariseHandlers } from '@/lib/engine/diarisation';
import { serve } from '@/lib/engine/rpc';
import { createInferenceRuntime, runtimeError } from '@/lib/engine/runtime';
import type { DiariseMethods } from './protocol';

/** Threads cannot be changed once the runtime has started. */
let hasStarted = false;

serve<DiariseMethods>(
  self,
  diariseHandlers({
    async start({ runtimeUrl, threads }) {
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
    },
    // ONNX Runtime's WebGPU has no LSTM
    openInstalled: (id) => openInstalled(id, 'wasm'),
  }),
);
