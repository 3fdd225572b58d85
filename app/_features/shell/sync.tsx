'use client';

import { useSync } from '@/app/_features/sync/use-sync';

/** Runs the exchange of the list while the app is open; draws nothing. */
export function Sync() {
  useSync();
  return null;
}
