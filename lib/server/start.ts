import 'server-only';
import { isAppError, toAppError } from '@/lib/core';
import { announceSetup, sweepInvitations, sweepSessions } from './accounts';
import { sweepDataset } from './dataset';
import { databaseExists } from './db';
import { checkHub, guardAnswers, notePeers } from './http';
import { sweepIncoming } from './ingest';
import { sweepRateLimits } from './limits';
import { allowBrowsers } from './objects';
import { claimDataFolder, limitShutdown, log, outliveReaders, serverEnv } from './process';
import { sweepRemoved } from './queue';
import { closeLiveStreams, sweepShares } from './shares';
import { publishInBackground, sweepTraining } from './training';

const INTERVAL_MS = 15 * 60_000;
/** The first time comes sooner, but not while the process is busy starting. */
const FIRST_MS = 60_000;

/**
 * Removes what has run out (sessions, invitations, counts of limits, shares with their ciphertext, what was
 * removed from inboxes) and brings the manifest of the dataset, its versions and training runs up to date.
 * A step that fails does not keep the others from their work: the next time it may do better.
 * Where there is no database yet there is nothing to remove, and none is made.
 */
export async function sweep(): Promise<void> {
  // again, where the store could not be reached when the server started
  await attempt('browsers', allowBrowsers);
  if (!databaseExists()) return;
  await attempt('limits', sweepRateLimits);
  await attempt('sessions', sweepSessions);
  await attempt('invitations', sweepInvitations);
  await attempt('shares', sweepShares);
  await attempt('dataset', sweepDataset);
  if (serverEnv().workerToken !== null) await attempt('incoming', sweepIncoming);
  await attempt('removed', sweepRemoved);
  // it may take longer than the time until the next sweep
  void publishInBackground();
  await attempt('training', sweepTraining);
}

async function attempt(step: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'housekeeping.failed', { step, code, message });
  }
}

/** Sweeps now and then for as long as the process lives. */
export function startHousekeeping(): void {
  const next = (inMs: number) => setTimeout(() => void run(), inMs).unref();
  const run = async () => {
    await sweep();
    next(INTERVAL_MS);
  };
  next(FIRST_MS);
}

/** Says to the parent process that this one has already reported why it ends (EX_CONFIG). */
const REPORTED_EXIT_CODE = 78;

/**
 * What a process does once, before its first request. Where it could only fail later (a wrong
 * variable, a data folder that another server has) it ends, with one sentence that says what to do.
 */
export async function startServer(): Promise<void> {
  outliveReaders();
  guardAnswers();
  notePeers();
  limitShutdown();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, closeLiveStreams);
  try {
    serverEnv();
    checkHub();
    await claimDataFolder();
  } catch (error) {
    if (!isAppError(error)) throw error;
    process.stderr.write(`${error.message}\n`, () => process.exit(REPORTED_EXIT_CODE));
    // nobody is to be answered meanwhile
    return new Promise(() => undefined);
  }
  startHousekeeping();
  void allowBrowsers();
  // not awaited: people without accounts can use the app while the database cannot be reached
  void announceSetup();
}
