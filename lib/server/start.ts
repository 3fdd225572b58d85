import 'server-only';
import { announceSetup } from '@/lib/server/accounts/setup';
import { guardAnswers } from '@/lib/server/http/http-guard';
import { checkHub } from '@/lib/server/http/hub-hosts';
import { notePeers } from '@/lib/server/http/peer';
import { claimDataFolder } from '@/lib/server/process/data-folder';
import { serverEnv } from '@/lib/server/process/env';
import { outliveReaders } from '@/lib/server/process/log';
import { limitShutdown } from '@/lib/server/process/shutdown';
import { isAppError } from '../core/errors';
import { startHousekeeping } from './housekeeping';

/** Says to whoever started this process that it has told by itself why it ends (EX_CONFIG). */
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
  // not waited for: the app is of use to people without accounts while the database cannot be reached
  void announceSetup();
}
