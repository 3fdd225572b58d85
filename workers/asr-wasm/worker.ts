import * as ort from 'onnxruntime-web/wasm';
import { ortNetwork } from '@/lib/asr/ctc/network';
import { recogniserHandlers } from '@/lib/asr/handlers';
import { runtimeError } from '@/lib/asr/runtime-errors';
import { fetchModelFile } from '@/lib/models/files';
import { serve } from '@/lib/rpc/server';
import type { AsrWasmMethods } from './protocol';

/** Threads cannot be changed once the runtime has started; 0: it has not. */
let startedThreads = 0;

serve<AsrWasmMethods>(
  self,
  recogniserHandlers({
    backend: 'wasm',
    limits: { rows: 4, paddedSamples: 40 * 16_000, shortest: 0.8 },
    fetchFile: fetchModelFile,
    async open(bytes, { runtimeUrl, threads }) {
      if (startedThreads === 0) {
        ort.env.wasm.wasmPaths = runtimeUrl;
        ort.env.wasm.numThreads = self.crossOriginIsolated ? threads : 1;
      }
      startedThreads = ort.env.wasm.numThreads ?? 1;
      try {
        const session = await ort.InferenceSession.create(new Uint8Array(bytes), {
          executionProviders: ['wasm'],
        });
        const network = ortNetwork({ Tensor: ort.Tensor, session }, runtimeError);
        return { network, threads: startedThreads };
      } catch (error) {
        throw runtimeError(error);
      }
    },
  }),
);
