import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startServer } from '../../scripts/lib/app.mjs';
import { freePort } from '../../scripts/lib/free-port.mjs';

/** How long the server lets requests go on after it was told to stop, and time to notice, in ms. */
const LIMIT_MS = 8_000;
const SLACK_MS = 4_000;

const STANDALONE = join(process.cwd(), '.next', 'standalone');

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

const BODY = '{"token":"not a link"}';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai2text-stop-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the app of its own. */
async function start() {
  const port = await freePort();
  const said: string[] = [];
  const server = await startServer({
    port,
    env: { DATA_DIR: folder },
    print: (line: string) => said.push(line),
  });
  return { ...server, port, said };
}

/** A request whose body does not come to its end yet. */
async function slowRequest(port: number) {
  const socket: Socket = connect(port, 'localhost');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  const closed = new Promise<string>((resolve) => {
    // a connection that is cut ends by an error or without one
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
  const lines = [
    'POST /api/setup/check HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `content-length: ${BODY.length}`,
  ];
  await new Promise<void>((resolve) => {
    socket.write(`${lines.join('\r\n')}\r\n\r\n${BODY.slice(0, 5)}`, () => resolve());
  });
  return { finish: () => socket.write(BODY.slice(5)), closed };
}

const isRefused = (url: string) =>
  fetch(url, { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  );

test('prints the owner’s link, and makes no database for it', async () => {
  const { said, close, url } = await start();
  await expect.poll(() => said.join('\n')).toContain(`${url}/setup#`);
  expect(said.join('\n')).not.toContain('Next.js');
  await close();
});

test('ends the requests that run, takes no new ones, and stops', async () => {
  const server = await start();
  const request = await slowRequest(server.port);
  await fetch(`${server.url}/api/health`);
  const closing = server.close();
  await expect.poll(() => isRefused(`${server.url}/api/health`)).toBe(true);
  request.finish();
  expect(await request.closed).toMatch(/^HTTP\/1\.1 403/);
  await closing;
});

test('does not wait for a request that does not end', async () => {
  test.setTimeout(60_000);
  const server = await start();
  const request = await slowRequest(server.port);
  await fetch(`${server.url}/api/health`);
  const startedMs = Date.now();
  await server.close();
  const tookMs = Date.now() - startedMs;
  expect(tookMs).toBeGreaterThan(LIMIT_MS - 1_000);
  expect(tookMs).toBeLessThan(LIMIT_MS + SLACK_MS);
  expect(await request.closed).toBe('');
});

test('ends at once with a sentence when a variable is wrong', async () => {
  const port = await freePort();
  await expect(
    startServer({ port, env: { DATA_DIR: folder, DATABASE_URL: 'mysql://db' } }),
  ).rejects.toThrow(/did not start/);
});

/** Processor time of a process so far, in ms: Linux tells it in the fields behind the name. */
function busyMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

test('outlives the one who reads its output', async () => {
  test.skip(process.platform !== 'linux', 'Processor time is read from /proc.');
  const port = await freePort();
  const child = spawn(process.execPath, [join(STANDALONE, 'server.js')], {
    cwd: STANDALONE,
    env: { ...process.env, PORT: String(port), HOSTNAME: 'localhost', DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const ask = () =>
      fetch(`http://localhost:${port}/api/hub`, { signal: AbortSignal.timeout(5_000) });
    await expect
      .poll(() =>
        ask().then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    child.stdout.destroy();
    child.stderr.destroy();
    // each is written to the log
    for (let count = 0; count < 20; count += 1) expect((await ask()).status).toBe(200);
    const before = busyMs(child.pid);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(busyMs(child.pid) - before, 'busy while nobody asks').toBeLessThan(200);
  } finally {
    child.kill('SIGKILL');
  }
});
