// Shared by the test services: running commands, installing packages, and a reaper.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { retry } from '../../lib/core/retry';
import { messageOf } from '../command/errors';
import { root } from '../command/root';

/** Why a service cannot run here, in one sentence. */
export class NotHere extends Error {}

/** How a command is run. */
interface RunOptions {
  /** Variables beside this process's own. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  timeoutMs?: number;
}

/** Runs a command to its end. @returns what it printed */
export function run(
  command: string,
  args: readonly string[],
  { env = {}, cwd = root, timeoutMs = 60_000 }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        printed += data;
      });
    child.once('error', reject);
    // not `close`: a server that the command leaves behind keeps the pipes open
    child.once('exit', (code, killedBy) => {
      child.stdout.destroy();
      child.stderr.destroy();
      if (code === 0) resolve(printed);
      else
        reject(
          new Error(`${command} ${args[0]} ended with ${code ?? killedBy}: ${printed.trim()}`),
        );
    });
  });
}

/** Whether this process may do everything. */
export const isRoot: boolean = process.getuid?.() === 0;
const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/**
 * Installs Debian packages.
 * @param what they are, for the sentence
 * @throws {NotHere} where they cannot be installed
 */
export async function installPackages(what: string, packages: readonly string[]): Promise<void> {
  const names = packages.join(', ');
  if (!isRoot || !isDebian)
    throw new NotHere(
      `${what} is missing: install ${names} (on Debian, root gets them installed).`,
    );
  console.log(`Installing ${names}…`);
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 300_000 };
  const apt = (...args: string[]) =>
    retry(() => run('apt-get', ['-qq', ...args], options), {
      attempts: 60,
      delayMs: () => 5000,
      // another process is installing something
      isRetryable: (error) => messageOf(error).includes('Could not get lock'),
    });
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    throw new NotHere(
      `${what} is missing and ${names} could not be installed: ${messageOf(error)}`,
    );
  }
}

/**
 * Makes sure that servers are ended when this process ends.
 * @param folder of the servers; removed afterwards
 * @param pidFiles where the servers write their process ids
 * @returns ends them now
 */
export function keep(folder: string, pidFiles: readonly string[]): () => Promise<void> {
  const launcher = join(root, 'tools', 'run.mjs');
  const script = join(root, 'tools', 'services', 'reaper.ts');
  // a group of its own: Ctrl+C ends the run, and the reaper after that
  const reaper = spawn(process.execPath, [launcher, script, folder, ...pidFiles], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => reaper.once('exit', resolve));
  reaper.unref();
  return async () => {
    reaper.ref();
    reaper.stdin.end();
    await ended;
  };
}
