import { createStore } from 'zustand/vanilla';

/** Recordings that were added together last, in their order, with their jobs; none once the user has decided. */
export const justAdded = createStore<{ files: { id: string; file: File }[] }>(() => ({
  files: [],
}));

/** A recording that was added with the text of another file. */
interface WithText {
  /** Of their transcript. */
  id: string;
  recording: File;
  text: File;
}

/** Recordings that were added with their texts, until the user has seen it. */
export const withText = createStore<{
  added: WithText[];
  /** Which recording is being read for it, and how much of it is read, 0 to 1. */
  reading: { fileName: string; share: number } | null;
}>(() => ({ added: [], reading: null }));
