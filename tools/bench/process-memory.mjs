// Memory and processor time of a browser with all its processes, as Linux counts them.
import { readdirSync, readFileSync } from 'node:fs';

/** Why there is no figure elsewhere. */
export const MEMORY_REASON =
  'The memory of all processes is read from /proc, which Linux alone has.';

/** Whether memory can be measured here. */
export function canMeasureMemory() {
  return process.platform === 'linux';
}

/** Reads a file of a process; null when the process has ended meanwhile. */
function procFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(error.code)) return null;
    throw error;
  }
}

function parents() {
  const found = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // the name in parentheses may hold spaces: what follows the last one is fields
    const fields = procFile(name, 'stat')?.split(') ').at(-1)?.split(' ');
    if (fields) found.set(Number(name), Number(fields[1]));
  }
  return found;
}

/**
 * The processes of the browser that runs with this profile.
 * @param {string} profile path of its user data
 * @returns {number[]}
 */
function browserProcesses(profile) {
  const all = parents();
  const inTree = new Set(
    [...all.keys()].filter((pid) =>
      procFile(pid, 'cmdline')?.includes(`--user-data-dir=${profile}`),
    ),
  );
  for (let grew = true; grew; ) {
    grew = false;
    for (const [pid, parent] of all)
      if (inTree.has(parent) && !inTree.has(pid)) {
        inTree.add(pid);
        grew = true;
      }
  }
  return [...inTree];
}

/**
 * Proportional set size of the whole browser in MB (10^6 bytes): pages shared by several processes
 * count once.
 */
export function browserMemoryMb(profile) {
  return memoryMb(profile, ['Pss']);
}

/**
 * The same without what is mapped from files: how much of the program itself counts changes with every
 * other browser that starts or ends on the machine.
 */
export function browserOwnMemoryMb(profile) {
  return memoryMb(profile, ['Pss_Anon', 'Pss_Shmem']);
}

function memoryMb(profile, kinds) {
  const lines = new RegExp(`^(?:${kinds.join('|')}):\\s+(\\d+) kB`, 'gm');
  let kib = 0;
  for (const pid of browserProcesses(profile))
    for (const [, size] of (procFile(pid, 'smaps_rollup') ?? '').matchAll(lines))
      kib += Number(size);
  return (kib * 1024) / 1e6;
}

/** Clock ticks of `/proc`: 100 a second on every Linux that Chromium runs on. */
const TICK_MS = 10;

/** Processor time of the whole browser so far, in ms; other programs do not add to it. */
export function browserCpuMs(profile) {
  let ticks = 0;
  for (const pid of browserProcesses(profile)) {
    const fields = procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ') ?? [];
    // user and system time: fields 14 and 15 of the whole line, whose first two are gone
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks * TICK_MS;
}
