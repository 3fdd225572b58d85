import * as ort from 'onnxruntime-web/wasm';
import { fetchModelFile } from '@/lib/catalogue';
import { openInstalled } from '@/lib/client/model-library/downloads/install-manifest';
import type { BatchLimits } from '@/lib/engine';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { recogniserHandlers } from '@/lib/engine/families';
import { type KernelSource, loadKernels } from '@/lib/engine/kernels';
import { serve } from '@/lib/engine/rpc';
import { createWasmStart } from '@/lib/engine/runtime';
import type { AsrWasmMethods } from './protocol';

/**
 * One segment a run: on 64 recordings of 6 to 33 s and one thread, runs of 1, 4 and 8 took 0.0065,
 * 0.0063 and 0.0070 of their duration (with two threads 0.0038, 0.0040, 0.0055), and more memory.
 */
const LIMITS: BatchLimits = { rows: 1, paddedSamples: 40 * SAMPLE_RATE_HZ, shortest: 1 };

/** Threads of the kernels: workers of this worker, which end with it. */
const startThread: KernelSource['startThread'] = (start) => {
  const thread = new Worker(new URL('./kernel-worker.ts', import.meta.url), { type: 'module' });
  // the others do its work
  thread.onerror = ({ message }) => console.warn('A thread of the kernels failed:', message);
  thread.postMessage(start);
  return thread;
};

const start = createWasmStart(ort, ({ runtimeUrl, ...options }) =>
  loadKernels(new URL('../kernels/', runtimeUrl).href, { ...options, startThread }, (reason) =>
    console.warn('The encoder runs without own kernels:', reason),
  ),
);

serve<AsrWasmMethods>(
  self,
  recogniserHandlers({
    backend: 'wasm',
    limits: LIMITS,
    fetchFile: fetchModelFile,
    openInstalled,
    start,
  }),
);
