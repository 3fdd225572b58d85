import { availableParallelism, cpus, totalmem } from 'node:os';

/** What figures were measured on. */
export interface Machine {
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
