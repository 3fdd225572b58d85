import type { RecogniserMethods } from '@/lib/engine';

/** The methods of the `webgpu` recogniser: those of every recogniser. */
export type AsrWebGpuMethods = RecogniserMethods;
