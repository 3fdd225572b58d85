import { RECOGNISE_TIMEOUT_MS } from '@/lib/engine';
import { type Client, createClient } from '@/lib/engine/rpc';
import type { AsrWasmMethods } from './protocol';

/** A recogniser on the CPU, in its own worker, which starts on the first call. */
export function createAsrWasmClient(): Client<AsrWasmMethods> {
  return createClient<AsrWasmMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    { name: 'asr-wasm', callTimeoutMs: RECOGNISE_TIMEOUT_MS },
  );
}
