import 'server-only';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@/lib/core';
import { fileErrorCode } from './durable-files';
import { log } from './log';

/**
 * How one process keeps a directory to itself, without a lock of the system (Node offers none).
 *
 * Beside the directory is one of tickets: files named 1, 2, 3, … The highest one counts. A process that
 * finds that its holder has released it or died makes the next one, which the file system gives to one process
 * only. The highest is never removed, and a dead holder stays dead: so nobody can take a lock from its
 * new holder in the belief that it is still the old one's.
 */

/** What a ticket says once its holder has released it. */
const FREE = 'free\n';
/** A holder that we cannot see (another container, a machine that was restarted) shows that it lives. */
const HEARTBEAT_MS = 10_000;
/** Silence after which such a holder is dead; making a database blocks its process for half of that. */
export const SILENCE_MS = 60_000;
/** Tickets that are kept below the highest, so that a slow starter sees that it was overtaken. */
const KEPT_TICKETS = 8;

/** A process, distinguished from any other that has or had its number. */
interface Holder {
  pid: number;
  /** Where the number counts: one run of the kernel, one container. */
  place: string;
  /** When it started, in ticks of the kernel; empty where the system does not say. */
  startedAt: string;
  /** When it took the lock, ISO 8601, and what it says of itself; empty in tickets of older versions. */
  since: string;
  note: string;
}

/** The process that holds a lock, as far as its ticket can be read and believed. */
export interface LockHolder {
  pid: number | null;
  /** ISO 8601. */
  since: string | null;
  /** What it said of itself when it took the lock. */
  note: string | null;
  /** Its number counts here. Of one elsewhere only silence shows that it is gone. */
  isHere: boolean;
  /** How long it has been silent, in ms. */
  silentMs: number;
}

function read(make: () => string): string {
  try {
    return make();
  } catch (error) {
    // no /proc: another system than Linux, or no such process
    if (fileErrorCode(error) !== null) return '';
    throw error;
  }
}

/** What the system says of a process; both empty where it says nothing. */
function statusOf(pid: number): { state: string; startedAt: string } {
  // the name before it may hold spaces and brackets
  const fields = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .split(') ')
    .at(-1)
    ?.split(' ');
  return { state: fields?.[0] ?? '', startedAt: fields?.[19] ?? '' };
}

/** Where this process's number counts. */
function thisPlace(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const container = read(() => readlinkSync('/proc/self/ns/pid'));
  return `${boot} ${container}`;
}

function isRunning(pid: number): boolean {
  // dead, but nobody has asked after it, as in a container without an init
  if (statusOf(pid).state === 'Z') return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // it runs, but is another user's
    return fileErrorCode(error) === 'EPERM';
  }
}

function parseHolder(text: string): Holder | null {
  const [pid, place, startedAt, since = '', note = ''] = text.split('\n');
  if (!pid || !/^\d+$/.test(pid) || place === undefined || startedAt === undefined) return null;
  return { pid: Number(pid), place, startedAt, since, note };
}

/** The process that holds this ticket now; `null` when nobody does. */
async function holderOf(ticket: string): Promise<LockHolder | null> {
  let text: string;
  let silentMs: number;
  try {
    text = await readFile(ticket, 'utf8');
    silentMs = Math.abs(Date.now() - (await stat(ticket)).mtimeMs);
  } catch (error) {
    // removed as an old one: a higher one is there by now, and the next look finds it
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  if (text === FREE) return null;
  const holder = parseHolder(text);
  const isHere = holder?.place === thisPlace();
  const live = {
    pid: holder?.pid ?? null,
    since: holder?.since || null,
    note: holder?.note || null,
    isHere,
    silentMs,
  };
  if (holder && isHere) {
    const isSame = isRunning(holder.pid) && statusOf(holder.pid).startedAt === holder.startedAt;
    // without a start the number may be another process's by now: a sign of life is needed as well
    return isSame && (holder.startedAt !== '' || silentMs < SILENCE_MS) ? live : null;
  }
  // half written just now, or by a crash
  return silentMs < SILENCE_MS ? live : null;
}

async function highestTicket(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  return Math.max(0, ...numbers);
}

/** @returns false when another process was faster */
async function makeTicket(folder: string, number: number, note: string): Promise<boolean> {
  const { pid } = process;
  const lines = [pid, thisPlace(), statusOf(pid).startedAt, new Date().toISOString(), note, ''];
  try {
    await writeFile(join(folder, String(number)), lines.join('\n'), { flag: 'wx' });
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
  // a slow starter may have made one that was used and removed long ago
  return (await highestTicket(folder)) === number;
}

async function removeOldTickets(folder: string, mine: number): Promise<void> {
  const old = (await readdir(folder)).filter((name) => Number(name) <= mine - KEPT_TICKETS);
  for (const name of old) await rm(join(folder, name), { force: true });
}

/**
 * Keeps `directory` for this process alone, until it ends or lets go. Held also against processes in
 * other containers and on other machines that see the same files.
 * @param note what others see of this process, in one line
 * @returns lets go
 * @throws SERVER_BUSY when another process holds it
 */
export async function lockDirectory(directory: string, note = ''): Promise<() => void> {
  const taken = await tryLock(directory, note);
  if (typeof taken === 'function') return taken;
  const who = taken.pid === null ? 'another process' : `process ${taken.pid}`;
  throw new AppError(
    'SERVER_BUSY',
    `The embedded database is in use by ${who}. To run several at once, set DATABASE_URL to the address of a PostgreSQL server.`,
    { details: { directory, pid: taken.pid } },
  );
}

/** As `lockDirectory`. @returns lets go; or who holds it, when that is another process */
export async function tryLock(directory: string, note = ''): Promise<(() => void) | LockHolder> {
  const folder = `${directory}.lock`;
  await mkdir(folder, { recursive: true });
  for (;;) {
    const highest = await highestTicket(folder);
    const holder = highest > 0 ? await holderOf(join(folder, String(highest))) : null;
    if (holder) return holder;
    if (!(await makeTicket(folder, highest + 1, note))) continue;
    await removeOldTickets(folder, highest + 1);
    return hold(join(folder, String(highest + 1)));
  }
}

function hold(ticket: string): () => void {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(ticket, now, now).catch((error: unknown) => {
      log('error', 'database.lock_silent', { code: fileErrorCode(error) });
    });
  }, HEARTBEAT_MS).unref();
  const letGo = () => {
    clearInterval(heartbeat);
    process.off('exit', letGo);
    writeFileSync(ticket, FREE);
  };
  process.once('exit', letGo);
  return letGo;
}
