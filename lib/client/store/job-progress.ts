import type { JobRecord } from './schema';

/** The progress of a job that begins at the start of its recording, and has not failed. */
export const NO_PROGRESS = {
  error: null,
  checkpoint: null,
  nextIndex: 0,
  batches: 0,
  decoder: null,
  doneMs: 0,
} as const satisfies Partial<JobRecord>;
