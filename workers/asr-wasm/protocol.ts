import type { RecogniserMethods } from '@/lib/engine';

/** The methods of the `wasm` recogniser: those of every recogniser. */
export type AsrWasmMethods = RecogniserMethods;
