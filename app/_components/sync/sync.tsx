'use client';

import { useSync } from '../../_hooks/use-sync';

/** Runs the exchange of the list while the app is open; draws nothing. */
export function Sync() {
  useSync();
  return null;
}
