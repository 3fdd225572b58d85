import type { Machine } from './machine';

/** Which way a figure gets better. */
export type Better = 'higher' | 'lower';

/** A figure as `bench --json` writes it. */
export interface Figure {
  /** Of the benchmark. */
  name: string;
  metric: string;
  /** `null`: it could not be measured. */
  value: number | null;
  unit: string;
  better: Better;
  /** What is asked for. */
  target: number | null;
  /** What another program needs. */
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
