// When a command that serves has to stop: asked by a signal, or left behind by the npm that started it.
import { readFileSync } from 'node:fs';

/** npm passes on a signal that the terminal has sent already: the second one is no second wish. */
const SAME_PRESS_MS = 1_000;
const LOOK_EVERY_MS = 500;

/** What npm may have put between itself and this process. */
const SHELL = /^(sh|dash|ash|bash|busybox|ksh|zsh|fish)$/;

/** Name and parent of a process, as Linux tells them; `null` elsewhere, and for none. */
function factsOf(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error.code === undefined) throw error;
    return null;
  }
  // the name may hold spaces and brackets
  const end = stat.lastIndexOf(')');
  const [, parent] = stat.slice(end + 2).split(' ');
  return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(parent) };
}

/** This process's parent, and the parents of shells up to what started them. */
function starters() {
  const pids = [process.ppid];
  for (;;) {
    const facts = factsOf(pids.at(-1));
    if (!facts || !SHELL.test(facts.name)) return pids;
    pids.push(facts.parent);
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A child of the dead gets another parent; on Windows it keeps the number of the dead one. */
function areThere([parent, ...others]) {
  if (process.ppid !== parent || !isRunning(parent)) return false;
  return others.every((pid, index) => factsOf([parent, ...others][index])?.parent === pid);
}

/**
 * Calls `close` when this command is asked to stop, and `kill` when it is asked again; from the moment
 * it begins, so that nothing is left behind by one that is stopped while it builds. npm passes on
 * SIGINT and SIGTERM alone: when it goes otherwise (SIGHUP, SIGKILL, a shell in between that keeps
 * the signal), its absence counts. There is no handler for SIGHUP: `nohup` could not hold it off.
 * @param {{close: () => unknown, kill: () => void}} ways
 */
export function stopWhenAsked({ close, kill }) {
  let askedMs = null;
  const stop = () => {
    if (askedMs === null) {
      askedMs = Date.now();
      void close();
    } else if (Date.now() - askedMs > SAME_PRESS_MS) kill();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  // started otherwise, by a shell that may be closed: it goes on
  if (!process.env.npm_lifecycle_event) return;
  const started = starters();
  const timer = setInterval(() => {
    if (areThere(started)) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS).unref();
}
