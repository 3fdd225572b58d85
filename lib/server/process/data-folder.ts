import 'server-only';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@/lib/core';
import { type LockHolder, SILENCE_MS, tryLock } from './directory-lock';
import { fileErrorCode } from './durable-files';
import { serverEnv } from './env';

/** How often a holder that cannot be seen is looked for. */
const LOOK_EVERY_MS = 500;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it lies on a file system that can only be read',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of that path is a file',
  EEXIST: 'there is a file of that name',
};

function notWritable(dataDir: string, error: unknown): AppError {
  const code = fileErrorCode(error) ?? 'unknown';
  return new AppError(
    'BAD_REQUEST',
    `The data folder ${dataDir} cannot be written: ${REASONS[code] ?? code}. Set DATA_DIR to a folder that can.`,
    { cause: error },
  );
}

/** Who holds the data folder, and what to do, in one sentence each. */
function inUse(dataDir: string, { pid, since, note, isHere }: LockHolder): AppError {
  const facts = [
    pid === null ? 'another process' : `process ${pid}`,
    ...(isHere ? [] : ['of another container or machine']),
    ...(note ? [note] : []),
    ...(since ? [`since ${since.slice(0, 16).replace('T', ' ')} UTC`] : []),
  ];
  return new AppError(
    'BAD_REQUEST',
    `The data folder ${dataDir} is in use by another server: ${facts.join(', ')}. Stop that one, or set DATA_DIR to another folder; several servers share one database by DATABASE_URL.`,
  );
}

/**
 * Waits for a holder that this process cannot see (it was in another container, or before a restart of
 * the machine) to show a sign of life, or to have been silent for so long that it is dead.
 */
async function outlast(lockedAs: string, note: string, first: LockHolder) {
  const seconds = Math.ceil((SILENCE_MS - first.silentMs) / 1000);
  process.stdout.write(
    `The data folder may still be in use elsewhere; that shows within ${seconds} seconds.\n`,
  );
  let { silentMs } = first;
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const taken = await tryLock(lockedAs, note);
    // seen alive again, or another one
    if (typeof taken === 'function' || taken.isHere || taken.silentMs < silentMs) return taken;
    silentMs = taken.silentMs;
  }
}

/**
 * Makes the data folder where it is needed, and keeps it for this process where everything lies in it.
 * Called once, when the server starts. What a killed server left behind does not count.
 * @throws BAD_REQUEST with a sentence that says what is wrong with the folder, or who has it
 */
export async function claimDataFolder(): Promise<void> {
  const { dataDir, databaseUrl, s3, givenSecret } = serverEnv();
  if (databaseUrl !== null && s3 !== null && givenSecret !== null) return;
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
    // rows are in a database that many may use
    if (databaseUrl !== null) return;
    const lockedAs = join(dataDir, 'server');
    const note = `on port ${process.env.PORT ?? '3000'}`;
    const first = await tryLock(lockedAs, note);
    if (typeof first === 'function') return;
    const taken = first.isHere ? first : await outlast(lockedAs, note, first);
    if (typeof taken !== 'function') throw inUse(dataDir, taken);
  } catch (error) {
    if (fileErrorCode(error) === null || error instanceof AppError) throw error;
    throw notWritable(dataDir, error);
  }
}
