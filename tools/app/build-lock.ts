import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, PlainError } from '../command/errors';
import { root } from '../command/root';

/** There while a command builds; holds its process id. */
const LOCK = join(root, '.ai2text-building');

/** The holder of the lock shows this often that it lives, and is dead after this long a silence, in ms. */
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** Runs one build at a time in this folder: who comes second waits for the first. */
export async function alone(run: () => Promise<void>): Promise<void> {
  let hasSaid = false;
  while (!takeLock()) {
    const holder = lockHolder();
    if (holder === null) rmSync(LOCK, { force: true });
    else {
      if (!hasSaid) console.log(`Waiting for the build of process ${holder}…`);
      hasSaid = true;
      await sleep(LOOK_EVERY_MS);
    }
  }
  const heartbeat = setInterval(() => utimesSync(LOCK, new Date(), new Date()), HEARTBEAT_MS);
  try {
    await run();
  } finally {
    clearInterval(heartbeat);
    rmSync(LOCK, { force: true });
  }
}

/** @returns false when there is a holder already, dead or alive */
function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new PlainError(`This folder cannot be written (${codeOf(error)}): ${root}.`);
  }
}

/** The process that builds; `null`: it is gone, and has left its lock. */
function lockHolder(): number | null {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    if (Date.now() - statSync(LOCK).mtimeMs > SILENCE_MS) return null;
    // half written just now: its number comes
    if (pid > 0) process.kill(pid, 0);
    return pid;
  } catch (error) {
    // it runs, but is another user's
    if (codeOf(error) === 'EPERM') return Number(readFileSync(LOCK, 'utf8'));
    return null;
  }
}
