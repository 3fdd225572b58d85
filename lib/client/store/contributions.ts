import type { ClipRefusal, EntryRefusal, NewEntry } from '@/lib/contracts';
import { announce } from './changes';
import { storing } from './db';

/**
 * Why a clip will not be given: what the server said of it, or: `source`: its recording is not kept here any
 * more; `decode`: the recording could not be decoded there; `invalid`: the server takes no such text.
 */
export type ContributionRefusal = ClipRefusal | EntryRefusal | 'source' | 'decode' | 'invalid';

/**
 * A clip with its text that somebody has agreed to give. The text is as it was then. What is sent of it is an
 * entry of the contract; its sound is cut when it is sent. Whether it is being sent is not stored.
 */
export interface ContributionRecord extends Omit<NewEntry, 'clip'> {
  transcriptId: string;
  /** Where the clip is in the recording, in ms. */
  startMs: number;
  endMs: number;
  /** `withdrawing`: withdrawn, but the server does not know yet. */
  state: 'waiting' | 'given' | 'refused' | 'withdrawing' | 'withdrawn';
  /** Of `refused`. */
  refusal?: ContributionRefusal;
}

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
