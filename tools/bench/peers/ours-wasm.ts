import './meter';
import * as ort from 'onnxruntime-web/wasm';
import type { KernelSource } from '@/lib/engine/kernels/kernels';
import { loadKernels } from '@/lib/engine/kernels/load';
import { loadOurs } from './our-engine';
import { serve } from './serve';

serve(async (setting) => {
  const kernels = await loadKernels(
    `${self.location.origin}/kernels/`,
    { threads: setting.threads, startThread },
    (reason) => {
      throw reason;
    },
  );
  return loadOurs(ort, setting, kernels);
});

function startThread(...[start]: Parameters<KernelSource['startThread']>): Worker {
  const thread = new Worker(
    new URL('../../../workers/asr-wasm/kernel-worker.ts', import.meta.url),
    { type: 'module' },
  );
  thread.onerror = ({ message }) => console.error(`A thread of the kernels failed: ${message}`);
  thread.postMessage(start);
  return thread;
}
