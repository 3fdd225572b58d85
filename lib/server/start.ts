import 'server-only';
import { toAppError } from '../core/errors';
import { serverEnv } from './env';
import { startHousekeeping } from './housekeeping';
import { outliveReaders } from './log';
import { notePeers } from './peer';
import { announceSetup } from './setup';
import { limitShutdown } from './shutdown';

/**
 * What a process does once, before its first request. A wrong environment ends it, with a sentence
 * that names the variable, before anyone relies on it.
 */
export function startServer(): void {
  outliveReaders();
  try {
    serverEnv();
  } catch (error) {
    console.error(toAppError(error).message);
    process.exit(1);
  }
  notePeers();
  limitShutdown();
  startHousekeeping();
  // not waited for: the app is of use to people without accounts while the database cannot be reached
  void announceSetup();
}
