import { createStore } from 'zustand/vanilla';

/** Recordings that were added together last, in their order, with their jobs; none once the user has decided. */
export const justAdded = createStore<{ files: { id: string; file: File }[] }>(() => ({
  files: [],
}));
