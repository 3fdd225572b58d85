import { RECOGNISE_TIMEOUT_MS } from '@/lib/engine';
import { type Client, createClient } from '@/lib/engine/rpc';
import type { AsrWebGpuMethods } from './protocol';

/**
 * How long the GPU may take to come out of a step before a cancelled call ends its worker: one
 * run cannot be interrupted, and on a slow GPU it takes longer than the usual 2 s.
 */
const CANCEL_TIMEOUT_MS = 5_000;

/** A recogniser on the GPU, in its own worker, which starts on the first call. */
export function createAsrWebGpuClient(): Client<AsrWebGpuMethods> {
  return createClient<AsrWebGpuMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    {
      name: 'asr-webgpu',
      cancelTimeoutMs: CANCEL_TIMEOUT_MS,
      callTimeoutMs: RECOGNISE_TIMEOUT_MS,
    },
  );
}
