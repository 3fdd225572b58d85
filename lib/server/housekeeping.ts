import 'server-only';
import { toAppError } from '@/lib/core';
import { sweepInvitations, sweepSessions } from './accounts';
import { sweepDataset } from './dataset';
import { databaseExists } from './db';
import { sweepIncoming } from './ingest';
import { sweepRateLimits } from './limits';
import { allowBrowsers } from './objects';
import { log, serverEnv } from './process';
import { sweepRemoved } from './queue';
import { sweepShares } from './shares';
import { publishInBackground, sweepTraining } from './training';

const INTERVAL_MS = 15 * 60_000;
/** The first time comes sooner, but not while the process is busy starting. */
const FIRST_MS = 60_000;

/**
 * Removes what has run out (sessions, invitations, counts of limits, shares with their ciphertext, what was
 * removed from inboxes) and brings the manifest of the dataset, its versions and training runs up to date.
 * Where there is no database yet there is nothing to remove, and none is made.
 */
export async function sweep(): Promise<void> {
  // again, where the store could not be reached when the server started
  await allowBrowsers();
  if (!databaseExists()) return;
  await sweepRateLimits();
  await sweepSessions();
  await sweepInvitations();
  await sweepShares();
  await sweepDataset();
  if (serverEnv().workerToken !== null) await sweepIncoming();
  await sweepRemoved();
  // it may take longer than the time until the next sweep
  publishInBackground();
  await sweepTraining();
}

/** Sweeps now and then for as long as the process lives. */
export function startHousekeeping(): void {
  const next = (inMs: number) => setTimeout(() => void run(), inMs).unref();
  const run = async () => {
    try {
      await sweep();
    } catch (error) {
      // the next time may do better
      const { code, message } = toAppError(error);
      log('warn', 'housekeeping.failed', { code, message });
    }
    next(INTERVAL_MS);
  };
  next(FIRST_MS);
}
