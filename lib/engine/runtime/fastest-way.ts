import { isAbort, toAppError } from '@/lib/core';
import type { PartRun } from '@/lib/engine';

/** One way to open a part of a model. */
export interface Way<T> {
  by: PartRun['by'];
  open(): Promise<T>;
}

/**
 * Opens a part of a model in the fastest way that works. What is faster than the graph as published is
 * an optimisation: an export that it does not know, or fails with, is run without it.
 * @param ways quickest first; `null` from one that does not know the export
 * @returns what was opened, and how it is run
 * @throws what opening the published graph throws; what is fatal at once: nothing more can be opened then
 */
export async function openFastest<T>(
  part: PartRun['part'],
  ways: readonly Way<T | null>[],
  published: Way<T>,
): Promise<{ opened: T; run: PartRun }> {
  const reasons: string[] = [];
  const runBy = (by: PartRun['by']): PartRun => ({ part, by, reason: reasons.join('; ') || null });
  for (const { by, open } of ways)
    try {
      const opened = await open();
      if (opened !== null) return { opened, run: runBy(by) };
      reasons.push(`${by}: this export is of another form`);
    } catch (thrown) {
      const error = toAppError(thrown, 'RECOGNISE_FAILED');
      if (error.fatal || isAbort(thrown)) throw error;
      reasons.push(`${by}: ${error.message}`);
    }
  return { opened: await published.open(), run: runBy(published.by) };
}
