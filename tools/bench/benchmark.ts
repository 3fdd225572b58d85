import type { Figure } from './figures';
import type { FileRun } from './jobs';

/** What a benchmark is given. */
export interface BenchContext {
  /** Of the served app. */
  url: string;
  /** A recording of the user's own in place of the generated one. */
  audio: string | undefined;
  /** For how long `live` records. */
  minutes: number | undefined;
  /** Of `peers` and `worker`, only rows whose name has this text. */
  rows: string | undefined;
  /** The run that two benchmarks share, once it was begun. */
  endToEnd?: Promise<FileRun>;
}

/** Measures something; each gives its figures. */
export type Benchmark = (context: BenchContext) => Promise<Figure[]>;
