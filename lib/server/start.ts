import 'server-only';
import { isAppError } from '@/lib/core';
import { announceSetup } from './accounts';
import { startHousekeeping } from './housekeeping';
import { checkHub, guardAnswers, notePeers } from './http';
import { allowBrowsers } from './objects';
import { claimDataFolder, limitShutdown, outliveReaders, serverEnv } from './process';
import { closeLiveStreams } from './shares';

/** Says to the parent process that this one has already reported why it ends (EX_CONFIG). */
const TOLD_EXIT_CODE = 78;

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
    process.stderr.write(`${error.message}\n`, () => process.exit(TOLD_EXIT_CODE));
    // nobody is to be answered meanwhile
    return new Promise(() => undefined);
  }
  startHousekeeping();
  void allowBrowsers();
  // not waited for: the app is of use to people without accounts while the database cannot be reached
  void announceSetup();
}
