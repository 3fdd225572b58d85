'use client';

import { useSync } from './use-sync';

/** Runs the exchange of the list while the app is open; draws nothing. */
export function Sync() {
  useSync();
  return null;
}
