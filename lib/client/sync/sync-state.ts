import { createStore } from 'zustand/vanilla';
import type { ErrorCode } from '@/lib/core';

/** Why changes cannot be sent to the server; `null` if they can. */
export const syncStore = createStore<{ problem: ErrorCode | null }>(() => ({ problem: null }));

/** Sets the result of the last exchange with the server. */
export function reportSyncProblem(problem: ErrorCode | null): void {
  syncStore.setState({ problem });
}
