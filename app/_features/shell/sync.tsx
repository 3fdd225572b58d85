'use client';

import { tellDeletedHere } from '@/app/_features/library';
import { useSync } from '@/app/_features/sync';

/** Exchanges the list with the server while the app is open; renders nothing. */
export function Sync() {
  useSync(tellDeletedHere);
  return null;
}
