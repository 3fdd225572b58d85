import { createStore } from 'zustand/vanilla';
import type { ErrorCode } from '@/lib/core';

/** What keeps this device from telling the server; `null` while nothing does. */
export const syncStore = createStore<{ problem: ErrorCode | null }>(() => ({ problem: null }));

/** Notes how the last exchange with the server ended. */
export function noteSync(problem: ErrorCode | null): void {
  syncStore.setState({ problem });
}
