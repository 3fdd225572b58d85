// How the built server starts and ends as a process: needs a build.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from './listening';
import { isRunning } from './test-project';

const STANDALONE = join(process.cwd(), '.next', 'standalone');
/** The server's own code for an end that it has reported. */
const REPORTED = 78;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-start-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Starts a process with an environment of its own, and listens to it. */
async function start(args: string[], env: Record<string, string>) {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      PORT: String(port),
      HOSTNAME: 'localhost',
      DATA_DIR: folder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('It has no output.');
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const answers = () =>
    vi.waitFor(
      async () => expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200),
      { timeout: 30_000 },
    );
  return { child, port, said, ended, answers };
}

const server = (env: Record<string, string> = {}) => start([join(STANDALONE, 'server.js')], env);

describe('a data folder is one server’s', () => {
  test('another one says which process has it, and exits', async () => {
    const first = await server();
    await first.answers();
    const second = await server();
    expect(await second.ended).toBe(REPORTED);
    expect(second.said.err).toMatch(
      new RegExp(
        `^The data folder ${folder} is in use by another server: process ${first.child.pid}, on port ${first.port}, since 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\. Stop that one, .*DATABASE_URL\\.\\n$`,
      ),
    );
    await first.answers();
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'and the next one’s at once after %s',
    async (signal) => {
      const first = await server();
      await first.answers();
      first.child.kill(signal);
      await first.ended;
      const second = await server();
      await second.answers();
      expect(second.said.err).toBe('');
    },
  );
});

describe('one true sentence is said, and nothing is served, for', () => {
  const WRONG: [Record<string, string>, RegExp][] = [
    [
      { NEXTAUTH_URL: 'https://example.org/text' },
      /^NEXTAUTH_URL must be an address without a path.*\n$/,
    ],
    [{ DATABASE_URL: 'mysql://db' }, /^DATABASE_URL must be an address such as postgres:.*\n$/],
    [{ MODEL_HUB: 'hub' }, /^MODEL_HUB must be an http or https address.*\n$/],
    [{ METRICS_TOKEN: 'short' }, /^METRICS_TOKEN must have at least 16 characters\.\n$/],
  ];
  test.each(WRONG)('%j', async (env, sentence) => {
    const { ended, said } = await server(env);
    expect(await ended).toBe(REPORTED);
    expect(said.err).toMatch(sentence);
  });

  test.each([
    ['a file', (path: string) => path, 'there is a file of that name'],
    ['below a file', (path: string) => join(path, 'data'), 'a part of that path is a file'],
  ])('a data folder that is %s', async (_what, place, reason) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { ended, said } = await server({ DATA_DIR: place(file) });
    expect(await ended).toBe(REPORTED);
    expect(said.err).toBe(
      `The data folder ${place(file)} cannot be written: ${reason}. Set DATA_DIR to a folder that can.\n`,
    );
  });
});

test('says that the database does not answer, and serves those who need none', async () => {
  const port = await freePort();
  const { answers, said } = await server({ DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/c` });
  await answers();
  await vi.waitFor(() => expect(said.err).not.toBe(''), { timeout: 15_000 });
  expect(said.err).toBe(
    'The database does not answer (ECONNREFUSED). The app runs; nobody can sign in until that is mended.\n',
  );
});

test('ends with the script that started it, though that was killed', async () => {
  const { child, said, ended } = await start(['tools/run.mjs', 'tools/start.ts'], {});
  await vi.waitFor(() => expect(said.out).toContain('AI2Text is ready'), { timeout: 60_000 });
  const second = await server();
  await second.ended;
  const pid = Number(/process (\d+)/.exec(second.said.err)?.[1]);
  expect(isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  // the server has the same outputs, which close with it
  expect(await ended).toBe('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 15_000 });
});
