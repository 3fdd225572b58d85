import { RECOGNISE_TIMEOUT_MS } from '@/lib/asr/protocol';
import { createClient } from '@/lib/rpc/client';
import type { Client } from '@/lib/rpc/protocol';
import type { AsrWasmMethods } from './protocol';

/** A recogniser on the CPU, in its own worker, which starts on the first call. */
export function createAsrWasmClient(): Client<AsrWasmMethods> {
  return createClient<AsrWasmMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    { name: 'asr-wasm', callTimeoutMs: RECOGNISE_TIMEOUT_MS },
  );
}
