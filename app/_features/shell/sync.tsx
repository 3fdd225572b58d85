'use client';

import { useGiving } from '@/app/_features/dataset';
import { tellDeletedHere } from '@/app/_features/library';
import { useSync } from '@/app/_features/sync';

/** Exchanges the list with the server, and sends what was given, while the app is open; renders nothing. */
export function Sync() {
  useSync(tellDeletedHere);
  useGiving();
  return null;
}
