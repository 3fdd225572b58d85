// Serves the production build in a process of its own.
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { constants, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { PlainError, root, spawnNode, ToldError } from '../command/command.mjs';
import { nextEnv, STANDALONE } from './build.mjs';

/** How the server exits when it has said in one sentence why it does not start (lib/server/start.ts). */
const TOLD_EXIT_CODE = 78;

/** A server that waits for one which it cannot see to show that it lives takes a minute. */
const START_MS = 90_000;

/** The port to listen on. @throws {PlainError} `PORT` is none */
export function listenPort() {
  const { PORT } = process.env;
  if (!PORT?.trim()) return 3000;
  const port = Number(PORT);
  if (!/^\s*\d+\s*$/.test(PORT) || port < 1 || port > 65_535)
    throw new PlainError('PORT must be a whole number from 1 to 65535.');
  return port;
}

/** The address to listen on. A machine's own name, set by shells and containers, is no choice. */
export function listenHost() {
  const { HOSTNAME } = process.env;
  return HOSTNAME && HOSTNAME !== hostname() ? HOSTNAME : 'localhost';
}

/** @returns {Promise<string | null>} the system's name for why nothing can listen there */
function listenProblem(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Why nothing can listen on a port, in one sentence. */
function listenSentence(code, port, host) {
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Stop that one, or set PORT to another number.`;
  if (code === 'EACCES')
    return `Port ${port} is kept for the system. Set PORT to a number above 1023.`;
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code))
    return `HOSTNAME is ${host}, which is no address of this machine. Set it to localhost, or to 0.0.0.0 for every address.`;
  return `Nothing can listen on port ${port} of ${host} (${code}).`;
}

/**
 * Makes sure that nothing else listens on the port, on any address that the name stands for: another
 * program would answer in our place.
 * @throws {PlainError} with a sentence that says what is in the way
 */
export async function ensureFree(port, host) {
  const found = await lookup(host, { all: true }).catch(() => [{ address: host }]);
  const problems = await Promise.all(found.map(({ address }) => listenProblem(port, address)));
  // a name may stand for addresses that this machine does not have, such as those of IPv6
  const real = problems.filter((code) => code !== 'EADDRNOTAVAIL' || found.length === 1);
  const code = real.find((problem) => problem !== null);
  if (code) throw new PlainError(listenSentence(code, port, host));
}

/** What a child exits with; of one that a signal ended, what shells say. @returns {Promise<number>} */
export function exitOf(child) {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Version, addresses and how long it took: `npm start` says what of it is right. */
const NEXT_GREETING = /^\s*([▲✓-] |$)/;

/** What the standalone server goes by. It works in its own folder, which each build makes anew. */
function serverEnv(port, host, given) {
  const env = { ...nextEnv('production'), ...given };
  return {
    ...env,
    DATA_DIR: resolve(root, env.DATA_DIR?.trim() || 'data'),
    PORT: String(port),
    HOSTNAME: host,
  };
}

/** The address by which this machine reaches what listens on `host`. */
export function localUrl(host, port) {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/**
 * Serves the build. Resolves when it answers. The server ends with this process, however that goes.
 * @param {{port: number, host?: string, env?: Record<string, string>,
 *   print?: (line: string) => void}} options `env`: beside this process's own; `print`: gets what
 *   the server says, less Next's greeting
 * @returns {Promise<{url: string, pid: number | undefined, close: () => Promise<void>,
 *   kill: () => void, exited: Promise<number>}>} `close` lets requests end, `kill` does not wait
 * @throws {ToldError} when the server has said why it does not start, on its standard error
 */
export async function startServer({ port, host = 'localhost', env = {}, print }) {
  await ensureFree(port, host);
  const url = localUrl(host, port);
  const child = spawnNode([join(STANDALONE, 'server.js')], {
    cwd: STANDALONE,
    stdio: ['ignore', print ? 'pipe' : 'ignore', 'inherit'],
    env: serverEnv(port, host, env),
  });
  if (print)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!NEXT_GREETING.test(stripVTControlCharacters(line))) print(line);
    });
  const exited = exitOf(child);
  let isGone = false;
  child.once('exit', () => {
    isGone = true;
  });
  const givenUpMs = Date.now() + START_MS;
  for (;;) {
    if (isGone) throw notStarted(await exited);
    try {
      await fetch(url, { signal: AbortSignal.timeout(5_000) });
      break;
    } catch (error) {
      if (Date.now() > givenUpMs) {
        child.kill('SIGTERM');
        throw new PlainError(`The server did not start: no answer from ${url} (${error.message}).`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const close = async () => {
    if (!isGone) child.kill('SIGTERM');
    await exited;
  };
  return { url, pid: child.pid, close, kill: () => void child.kill('SIGKILL'), exited };
}

function notStarted(code) {
  return code === TOLD_EXIT_CODE
    ? new ToldError('The server did not start; it has said why.')
    : new PlainError(`The server did not start: it ended with code ${code}.`);
}
