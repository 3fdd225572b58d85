// When a serving command has to stop: on a signal, or when the npm that started it is gone.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeOf } from './errors';
import { root } from './root';

/** Node's options for a child that must not outlive the command which started it. */
const END_WITH_PARENT = [
  '--import',
  pathToFileURL(join(root, 'tools', 'command', 'end-with-parent.mjs')).href,
];

type Stream = 'ignore' | 'inherit' | 'pipe';

/** How a child is started. */
export interface SpawnOptions {
  /** The project's folder, unless it is given. */
  cwd?: string;
  /** This process's own, unless it is given. */
  env?: NodeJS.ProcessEnv;
  /** Input, output and errors: those of this process, unless they are given. */
  stdio?: readonly [Stream, Stream, Stream];
}

/**
 * Starts a Node program that ends with this process, even if this one is killed.
 * @param args the program and its arguments
 */
export function spawnNode(
  args: readonly string[],
  { cwd = root, env = process.env, stdio = ['inherit', 'inherit', 'inherit'] }: SpawnOptions = {},
): ChildProcess {
  return spawn(process.execPath, [...END_WITH_PARENT, ...args], {
    cwd,
    env: { ...env, AI2TEXT_ENDS_WITH_PARENT: '1' },
    // the channel closes when this process ends, which notifies the child
    stdio: [...stdio, 'ipc'],
  });
}

/** npm forwards a signal that the terminal has already sent: within this time, a second one is not a second request. */
const SAME_PRESS_MS = 1_000;
const LOOK_EVERY_MS = 500;

/** Shells that npm may run between itself and this process. */
const SHELL = /^(sh|dash|ash|bash|busybox|ksh|zsh|fish)$/;

interface ProcessFacts {
  name: string;
  parent: number;
}

/** Name and parent of a process, as Linux reports them; `null` elsewhere, and for none. */
function factsOf(pid: number): ProcessFacts | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
  // the name may hold spaces and brackets
  const end = stat.lastIndexOf(')');
  const [, parent] = stat.slice(end + 2).split(' ');
  return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(parent) };
}

/** This process's parent, and the parents of shells up to what started them. */
function starters(): number[] {
  const pids: number[] = [];
  for (let pid = process.ppid; ; ) {
    pids.push(pid);
    const facts = factsOf(pid);
    if (!facts || !SHELL.test(facts.name)) return pids;
    pid = facts.parent;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Whether all of them still run. An orphan gets another parent; on Windows it keeps the id of the dead one. */
function areThere(pids: readonly number[]): boolean {
  return pids.every((pid, at) => {
    const below = pids[at - 1];
    return below === undefined
      ? process.ppid === pid && isRunning(pid)
      : factsOf(below)?.parent === pid;
  });
}

/** What a command does when it is to stop. */
export interface WaysToStop {
  close(): unknown;
  kill(): void;
}

/**
 * Calls `close` when this command is asked to stop, and `kill` when it is asked again. To be called first, so that a
 * command that is stopped while it builds leaves nothing behind. npm forwards only SIGINT and SIGTERM: if it ends in
 * another way (SIGHUP, SIGKILL, a shell in between that keeps the signal), its absence counts as a request. There is
 * no handler for SIGHUP, which would defeat `nohup`.
 */
export function stopWhenAsked({ close, kill }: WaysToStop): void {
  let askedMs: number | null = null;
  const stop = () => {
    if (askedMs === null) {
      askedMs = Date.now();
      void close();
    } else if (Date.now() - askedMs > SAME_PRESS_MS) kill();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  // not started by npm: it continues even if its shell is closed
  if (!process.env.npm_lifecycle_event) return;
  const started = starters();
  const timer = setInterval(() => {
    if (areThere(started)) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS).unref();
}
