import type { RecogniserMethods } from '@/lib/engine/protocol';

/** The methods of the `webgpu` recogniser: those of every recogniser. */
export type AsrWebGpuMethods = RecogniserMethods;
