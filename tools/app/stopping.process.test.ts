import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from './listening';
import { startServer } from './server';
import { newDataDir, putAway, startProcess } from './test-process';

/** How long the server lets requests finish after it was asked to stop, and time to notice, in ms. */
const LIMIT_MS = 8_000;
const SLACK_MS = 4_000;

const STANDALONE = join(process.cwd(), '.next', 'standalone');

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;

const BODY = '{"token":"not a link"}';

afterAll(putAway);

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

/** Looks until it is so, as often as a server under load needs. */
const until = (look: () => Promise<void> | void) =>
  vi.waitFor(look, { timeout: 30_000, interval: 50 });

describe('the server', () => {
  it('prints the owner’s link, and makes no database for it', async () => {
    const { said, close, url, dataDir } = await startProcess();
    await until(() => expect(said.join('\n')).toContain(`${url}/setup#`));
    expect(said.join('\n')).not.toContain('Next.js');
    await close();
    expect(existsSync(join(dataDir, 'database'))).toBe(false);
  });

  it('ends the requests that run, takes no new ones, and stops', async () => {
    const server = await startProcess();
    const request = await slowRequest(server.port);
    await fetch(`${server.url}/api/health`);
    const closing = server.close();
    await until(async () => expect(await isRefused(`${server.url}/api/health`)).toBe(true));
    request.finish();
    expect(await request.closed).toMatch(/^HTTP\/1\.1 403/);
    await closing;
  });

  it('does not wait for a request that does not end', async () => {
    const server = await startProcess();
    const request = await slowRequest(server.port);
    await fetch(`${server.url}/api/health`);
    const startedMs = Date.now();
    await server.close();
    const tookMs = Date.now() - startedMs;
    expect(tookMs).toBeGreaterThan(LIMIT_MS - 1_000);
    expect(tookMs).toBeLessThan(LIMIT_MS + SLACK_MS);
    expect(await request.closed).toBe('');
  });

  it('ends at once when a variable is wrong', async () => {
    const env = { DATA_DIR: newDataDir(), DATABASE_URL: 'mysql://db' };
    const starting = startServer({ port: await freePort(), env }).then(({ close }) => close());
    await expect(starting).rejects.toThrow(/did not start/);
  });
});

/** Processor time of a process so far, in ms: Linux has it in the fields after the name. */
function busyMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

describe.skipIf(process.platform !== 'linux')('a server whose output nobody reads any more', () => {
  it('keeps running, and is not busy with it', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [join(STANDALONE, 'server.js')], {
      cwd: STANDALONE,
      env: { ...process.env, PORT: String(port), HOSTNAME: 'localhost', DATA_DIR: newDataDir() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    });
    const ask = () =>
      fetch(`http://localhost:${port}/api/hub`, { signal: AbortSignal.timeout(5_000) });
    await until(async () => expect((await ask()).status).toBe(200));
    child.stdout.destroy();
    child.stderr.destroy();
    // each is written to the log
    for (let count = 0; count < 20; count += 1) expect((await ask()).status).toBe(200);
    const before = busyMs(child.pid);
    // what it does in that time is what is measured
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(busyMs(child.pid) - before).toBeLessThan(200);
  });
});
