import { availableParallelism, cpus, totalmem } from 'node:os';

/** What figures were measured on. @param {string | null} chromiumVersion */
export function machineFacts(chromiumVersion) {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    chromium: chromiumVersion,
    measuredAt: new Date().toISOString(),
  };
}
