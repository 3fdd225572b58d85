'use client';

import { useGiving } from '@/app/_features/dataset';
import { reportDeletions, useWatchedFolder } from '@/app/_features/library';
import { useSync, useUnsentLive } from '@/app/_features/sync';

/**
 * What goes on while the app is open: exchanges the list with the server, sends what was given and the rest
 * of live text, and takes what comes into the watched folder. Renders nothing.
 */
export function Sync() {
  useSync(reportDeletions);
  useGiving();
  useUnsentLive();
  useWatchedFolder();
  return null;
}
