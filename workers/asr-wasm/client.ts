import { RECOGNISE_TIMEOUT_MS } from '@/lib/engine/protocol';
import { createClient } from '@/lib/engine/rpc/client';
import type { Client } from '@/lib/engine/rpc/protocol';
import type { AsrWasmMethods } from './protocol';

/** A recogniser on the CPU, in its own worker, which starts on the first call. */
export function createAsrWasmClient(): Client<AsrWasmMethods> {
  return createClient<AsrWasmMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    { name: 'asr-wasm', callTimeoutMs: RECOGNISE_TIMEOUT_MS },
  );
}
