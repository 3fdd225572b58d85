import type { RecogniserMethods } from '@/lib/engine/protocol';

/** The methods of the `wasm` recogniser: those of every recogniser. */
export type AsrWasmMethods = RecogniserMethods;
