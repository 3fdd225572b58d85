// The thread in which speech is recognised: a run of a network keeps its thread busy for seconds, in which the
// other one answers, extends leases and reads on.
import { parentPort } from 'node:worker_threads';
import type { BatchLimits } from '@/lib/engine';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { recogniserHandlers } from '@/lib/engine/families';
import { serve } from '@/lib/engine/rpc';
import { openInstalled, readServedFile } from './model-files';
import { startRuntime } from './start-runtime';

/** As in the browser's worker: the same runs, and so the same words. */
const LIMITS: BatchLimits = { rows: 1, paddedSamples: 40 * SAMPLE_RATE_HZ, shortest: 1 };

if (!parentPort) throw new Error('This module runs in a thread of the worker.');
const port = parentPort;

serve(
  {
    postMessage: (message, transfer) =>
      // buffers are what is moved
      port.postMessage(message, transfer as ArrayBuffer[]),
    addEventListener: (_, listener) =>
      port.on('message', (data) => listener(new MessageEvent('message', { data }))),
  },
  recogniserHandlers({
    backend: 'wasm',
    limits: LIMITS,
    fetchFile: readServedFile,
    openInstalled,
    start: startRuntime,
  }),
);
