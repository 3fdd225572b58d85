// Memory and processor time of a browser or a worker with all its processes, as Linux counts them.
import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../command/errors';

/** Why there is no figure elsewhere. */
export const MEMORY_REASON =
  'The memory of all processes is read from /proc, which Linux alone has.';

/** Whether memory can be measured here. */
export function canMeasureMemory(): boolean {
  return process.platform === 'linux';
}

/** Reads a file of a process; `null` when the process has ended meanwhile. */
function procFile(pid: number | string, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

/** Of every process. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // the name in parentheses may hold spaces: what follows the last one is fields
    const fields = procFile(name, 'stat')?.split(') ').at(-1)?.split(' ');
    if (fields) found.set(Number(name), Number(fields[1]));
  }
  return found;
}

/** The processes of the browser that runs with this profile. @param profile path of its user data */
function browserProcesses(profile: string): number[] {
  const all = parents();
  const roots = [...all.keys()].filter((pid) =>
    procFile(pid, 'cmdline')?.includes(`--user-data-dir=${profile}`),
  );
  return withDescendants(all, roots);
}

/** @param all parents of all processes */
function withDescendants(all: Map<number, number>, roots: readonly number[]): number[] {
  const inTree = new Set(roots);
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
export function browserMemoryMb(profile: string): number {
  return memoryMb(profile, ['Pss']);
}

/**
 * The same without what is mapped from files: how much of the program itself counts changes with every
 * other browser that starts or ends on the machine.
 */
export function browserOwnMemoryMb(profile: string): number {
  return memoryMb(profile, ['Pss_Anon', 'Pss_Shmem']);
}

function memoryMb(profile: string, kinds: readonly string[]): number {
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
export function browserCpuMs(profile: string): number {
  return browserProcesses(profile).reduce((sum, pid) => sum + (cpuMs(pid) ?? 0), 0);
}

/** Processor time of one process so far, in ms; `null` when it has ended, or none is known. */
export function cpuMs(pid: number): number | null {
  const fields = procFile(pid, 'stat')?.split(') ').at(-1)?.split(' ');
  // user and system time: fields 14 and 15 of the whole line, whose first two are gone
  return fields ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : null;
}

/** The largest resident set of one process so far, in MB; `null` when it has ended, or none is known. */
export function peakMemoryMb(pid: number): number | null {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(procFile(pid, 'status') ?? '')?.[1];
  return kib === undefined ? null : (Number(kib) * 1024) / 1e6;
}

/**
 * The largest resident sets so far of a process and of all that it has started and that still run, added, in MB:
 * what they take at once is never more. `null` when the process has ended, or nothing is known.
 */
export function treePeakMemoryMb(pid: number): number | null {
  const own = peakMemoryMb(pid);
  if (own === null) return null;
  const others = withDescendants(parents(), [pid]).filter((one) => one !== pid);
  return others.reduce((sum, one) => sum + (peakMemoryMb(one) ?? 0), own);
}
