import type { RecogniserMethods } from '@/lib/asr/protocol';

/** The methods of the `wasm` recogniser: those of every recogniser. */
export type AsrWasmMethods = RecogniserMethods;
