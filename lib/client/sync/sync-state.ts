import { createStore } from 'zustand/vanilla';
import type { ErrorCode } from '@/lib/core';

/** Why changes cannot be sent to the server; `null` if they can. */
export const syncStore = createStore<{ problem: ErrorCode | null }>(() => ({ problem: null }));

/** Sets the result of the last exchange with the server. */
export function reportSyncProblem(problem: ErrorCode | null): void {
  syncStore.setState({ problem });
}

/**
 * What is said of changes that wait; `null` when there is nothing to say: they go in a moment.
 * @param waiting number of transcripts with changes that have not been sent
 */
export function waitingText(
  waiting: number,
  isOnline: boolean,
  problem: ErrorCode | null,
): string | null {
  if (problem === 'TOO_LARGE')
    return 'The list on the server is full. Delete transcripts that are no longer needed.';
  if (waiting === 0) return null;
  const [count, verb] =
    waiting === 1 ? ['1 change', 'is'] : [`${waiting.toLocaleString('en')} changes`, 'are'];
  if (!isOnline) return `${count} will be sent when you are online again.`;
  if (problem === null || problem === 'UNAUTHENTICATED' || problem === 'ABORTED') return null;
  return `${count} could not be sent yet, and ${verb} kept until the server can be reached.`;
}
