// What the starters of test services share: commands, packages, a keeper.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Why a service cannot run here; told in one sentence. */
export class NotHere extends Error {}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<string>} what it printed
 */
export function run(command, args, { env = {}, cwd, timeoutMs = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let printed = '';
    child.stdout.on('data', (data) => {
      printed += data;
    });
    child.stderr.on('data', (data) => {
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

export const isRoot = process.getuid?.() === 0;
const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/**
 * Installs Debian packages.
 * @param {string} what they are, for the sentence
 * @param {string[]} packages
 */
export async function installPackages(what, packages) {
  const names = packages.join(', ');
  if (!isRoot || !isDebian)
    throw new NotHere(
      `${what} is missing: install ${names} (on Debian, root gets them installed).`,
    );
  console.log(`Installing ${names}…`);
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 300_000 };
  const wait = ['-qq', '-o', 'DPkg::Lock::Timeout=200'];
  try {
    await run('apt-get', [...wait, 'update'], options);
    await run(
      'apt-get',
      [...wait, 'install', '-y', '--no-install-recommends', ...packages],
      options,
    );
  } catch (error) {
    throw new NotHere(`${what} is missing and ${names} could not be installed: ${error.message}`);
  }
}

/**
 * Has the servers whose numbers come to lie in `pidFiles` ended when this process ends, or before.
 * @param {string} folder of theirs, which is removed then
 * @param {string[]} pidFiles
 * @returns {() => Promise<void>} ends them now
 */
export function keep(folder, pidFiles) {
  const script = fileURLToPath(new URL('./keeper.mjs', import.meta.url));
  // a group of its own: Ctrl+C ends the run, and the keeper after that
  const keeper = spawn(process.execPath, [script, folder, ...pidFiles], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.unref();
  return async () => {
    keeper.ref();
    keeper.stdin.end();
    await ended;
  };
}
