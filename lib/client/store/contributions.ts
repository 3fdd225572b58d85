import { announce } from './changes';
import type { ContributionRecord } from './contribution-record';
import { storing } from './db';

/** Everything that was agreed to be given from this library, in order of time. @param transcriptId of one only */
export async function listContributions(transcriptId?: string): Promise<ContributionRecord[]> {
  const all = await storing((db) => db.getAll('contributions'));
  return all
    .filter((one) => transcriptId === undefined || one.transcriptId === transcriptId)
    .sort((a, b) => a.startMs - b.startMs);
}

/** Stores what somebody has agreed to give, all or nothing. */
export async function addContributions(records: readonly ContributionRecord[]): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction('contributions', 'readwrite');
    await Promise.all([...records.map((record) => tx.store.put(record)), tx.done]);
  });
  announce('contributions');
}

/**
 * Changes a contribution as it is now, in one transaction.
 * @param change `null`: it stays as it is
 */
export async function updateContribution(
  id: string,
  change: (now: ContributionRecord) => Partial<ContributionRecord> | null,
): Promise<void> {
  const isChanged = await storing(async (db) => {
    const tx = db.transaction('contributions', 'readwrite');
    const now = await tx.store.get(id);
    const wanted = now ? change(now) : null;
    if (now && wanted) await tx.store.put({ ...now, ...wanted });
    await tx.done;
    return wanted !== null;
  });
  if (isChanged) announce('contributions');
}
