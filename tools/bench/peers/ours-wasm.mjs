import './meter.mjs';
import * as ort from 'onnxruntime-web/wasm';
import { loadKernels } from '@/lib/asr/kernels/load';
import { loadOurs } from './our-engine.mjs';
import { serve } from './serve.mjs';

serve(async (params) => {
  const kernels = await loadKernels(
    `${self.location.origin}/kernels/`,
    { threads: params.threads, startThread },
    (reason) => {
      throw reason;
    },
  );
  return loadOurs(ort, { ...params, kernels });
});

function startThread(start) {
  const thread = new Worker(
    new URL('../../../workers/asr-wasm/kernel-worker.ts', import.meta.url),
    { type: 'module' },
  );
  thread.onerror = ({ message }) => console.error(`A thread of the kernels failed: ${message}`);
  thread.postMessage(start);
  return thread;
}
