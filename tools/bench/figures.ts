import { availableParallelism, cpus, totalmem } from 'node:os';
import type { FileRun } from './jobs';

/** The context of a benchmark. */
export interface BenchContext {
  /** Address of the served app. */
  url: string;
  /** A recording of the user's own in place of the generated one. */
  audio: string | undefined;
  /** For how long `live` records. */
  minutes: number | undefined;
  /** For `peers` and `worker`: only rows whose name contains this text. */
  rows: string | undefined;
  /** The run that two benchmarks share, once it was begun. */
  endToEnd?: Promise<FileRun>;
}

/** Measures something and returns its figures. */
export type Benchmark = (context: BenchContext) => Promise<Figure[]>;

/** Which way a figure gets better. */
export type Better = 'higher' | 'lower';

/** A figure as `bench --json` writes it. */
export interface Figure {
  /** Name of the benchmark. */
  name: string;
  metric: string;
  /** `null`: it could not be measured. */
  value: number | null;
  unit: string;
  better: Better;
  /** The value to reach. */
  target: number | null;
  /** The value of another program. */
  peer: { name: string; value: number } | null;
  /** Why there is no value. */
  reason?: string;
}

/** What `bench --json` writes. */
export interface BenchReport {
  machine: Machine;
  results: Figure[];
}

/** A figure that was measured. */
export function figure(
  name: string,
  metric: string,
  value: number | null,
  unit: string,
  better: Better,
  target: number | null = null,
): Figure {
  return { name, metric, value, unit, better, target, peer: null };
}

/** A figure that could not be measured; of a longer reason its first line is kept. */
export function missing(
  name: string,
  metric: string,
  unit: string,
  better: Better,
  target: number | null,
  reason: string,
): Figure {
  const [first = ''] = reason.split('\n');
  return { ...figure(name, metric, null, unit, better, target), reason: first };
}

/** What figures were measured on. */
interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  /** Versions. */
  node: string;
  chromium: string;
  /** ISO 8601. */
  measuredAt: string;
}

/** What figures are measured on, now. */
export function machineFacts(chromium: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    chromium,
    measuredAt: new Date().toISOString(),
  };
}
