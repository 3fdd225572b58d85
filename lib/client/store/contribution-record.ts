import type { ClipRefusal, EntryRefusal, NewEntry } from '@/lib/contracts';

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
