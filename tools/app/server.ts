// Serves the production build in a process of its own.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { messageOf, PlainError, ReportedError } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { root } from '../command/root';
import { spawnNode } from '../command/stopping';
import { ensureBuilt } from './build';
import { ensureFree, freePort, localUrl } from './listening';
import { nextEnv, STANDALONE } from './next';

/** Exit code of a server that has printed why it cannot start (lib/server/start.ts). */
const REPORTED_EXIT_CODE = 78;

/** Starting takes a minute if the data folder may still be in use by a server that the new one cannot see. */
const START_MS = 90_000;
const LOOK_EVERY_MS = 100;

/** Next's lines about version, addresses and start-up time: `npm start` prints the correct ones. */
const NEXT_GREETING = /^\s*([▲✓-] |$)/;

/** Where and how the app is served. */
export interface ServerOptions {
  port: number;
  /** `localhost`, unless it is given. */
  host?: string;
  /** Variables beside this process's own. */
  env?: Readonly<Record<string, string>>;
  /** Called with each line that the server prints, except for Next's greeting. */
  print?: (line: string) => void;
}

/** A server that answers. */
export interface RunningServer {
  url: string;
  pid: number | undefined;
  /** Lets requests end. */
  close(): Promise<void>;
  /** Does not wait for them. */
  kill(): void;
  /** What it exits with. */
  exited: Promise<number>;
}

/** The exit code of a child; if a signal ended it, the code that shells use. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolveCode) => {
    child.once('exit', (code, signal) =>
      resolveCode(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
}

/** Environment of the standalone server. It runs in its own folder, which each build recreates. */
function serverEnv(port: number, host: string, given: ServerOptions['env']): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...nextEnv('production'), ...given };
  return {
    ...env,
    DATA_DIR: resolve(root, env.DATA_DIR?.trim() || 'data'),
    PORT: String(port),
    HOSTNAME: host,
  };
}

/**
 * Serves the build; resolves once the server answers. It ends with this process, even if that is killed.
 * @throws {ReportedError} when the server has printed, on its standard error, why it cannot start
 */
export async function startServer({
  port,
  host = 'localhost',
  env = {},
  print,
}: ServerOptions): Promise<RunningServer> {
  await ensureFree(port, host);
  const url = localUrl(host, port);
  const child = spawnNode([join(STANDALONE, 'server.js')], {
    cwd: STANDALONE,
    stdio: ['ignore', print ? 'pipe' : 'ignore', 'inherit'],
    env: serverEnv(port, host, env),
  });
  if (print && child.stdout)
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
        throw new PlainError(
          `The server did not start: no answer from ${url} (${messageOf(error)}).`,
        );
      }
      await sleep(LOOK_EVERY_MS);
    }
  }
  const close = async () => {
    if (!isGone) child.kill('SIGTERM');
    await exited;
  };
  return { url, pid: child.pid, close, kill: () => void child.kill('SIGKILL'), exited };
}

function notStarted(code: number): PlainError {
  return code === REPORTED_EXIT_CODE
    ? new ReportedError('The server did not start; it has said why.')
    : new PlainError(`The server did not start: it ended with code ${code}.`);
}

/** Overrides settings of this process that are not meant for the server under measurement. */
export const EMBEDDED: Readonly<Record<string, string>> = {
  DATABASE_URL: '',
  NEXTAUTH_URL: '',
  S3_ENDPOINT: '',
  S3_BUCKET: '',
  S3_ACCESS_KEY_ID: '',
  S3_SECRET_ACCESS_KEY: '',
};

/** Serves the production build on a free port, with data of its own, while `run` works with it. */
export async function withServedApp<T>(run: (url: string) => Promise<T>): Promise<T> {
  await ensureBuilt();
  const port = await freePort();
  // not the data of a server that runs here
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-data-'));
  const starting = startServer({ port, env: { ...EMBEDDED, DATA_DIR: dataDir } });
  const close = async () => {
    try {
      await (await starting).close();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  };
  const stopListening = onInterrupt(close);
  try {
    return await run((await starting).url);
  } finally {
    stopListening();
    await close();
  }
}
