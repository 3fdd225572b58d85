// A worker takes a job of the built server, over HTTP, as processes of their own: needs a build.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../app/listening';
import { EMBEDDED, startServer } from '../app/server';

const TOKEN = 'a-token-of-the-workers';
const SECRET = 'a-secret-of-the-object-store';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

/** The built server with an owner, and a folder of its own. */
async function startApp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-worker-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  let setupToken = '';
  const { url, close } = await startServer({
    port: await freePort(),
    env: { ...EMBEDDED, DATA_DIR: dataDir, WORKER_TOKEN: TOKEN, INGEST_SECRET: SECRET },
    print: (line) => {
      setupToken = /\/setup#(\S+)/.exec(line)?.[1] ?? setupToken;
    },
  });
  onTestFinished(close);
  // the link is printed once the database is open, which may be later
  await vi.waitFor(() => expect(setupToken).not.toBe(''), { timeout: 30_000 });
  const account = { name: 'Owner', email: 'owner@example.org', password: 'correct horse battery' };
  const made = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: SAME_ORIGIN,
    body: JSON.stringify({ token: setupToken, account }),
  });
  expect(made.ok).toBe(true);
  const [cookie = ''] = made.headers.getSetCookie();
  const get = async (path: string) =>
    (await fetch(`${url}${path}`, { headers: { ...SAME_ORIGIN, cookie } })).json();
  return { url, dataDir, get };
}

/** Puts a recording into the folder, and tells the app. */
async function putRecording(url: string, dataDir: string, name: string): Promise<void> {
  const inbox = join(dataDir, 'inbox');
  mkdirSync(inbox, { recursive: true });
  cpSync(join('e2e/fixtures/audio', name), join(inbox, name));
  // it has not changed for a minute
  const then = Date.now() / 1000 - 60;
  utimesSync(join(inbox, name), then, then);
  const object = { key: `inbox/${name}` };
  const event = { eventSource: 'ceph:s3', eventName: 'ObjectCreated:Put', s3: { object } };
  const answer = await fetch(`${url}/api/ingest/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
    body: JSON.stringify({ Records: [event] }),
  });
  expect(answer.status).toBe(204);
}

test('a recording in the folder becomes a transcript', async () => {
  const { url, dataDir, get } = await startApp();
  await putRecording(url, dataDir, 'speech.m4a');
  const worker = spawn(process.execPath, ['tools/run.mjs', 'tools/worker/worker.ts'], {
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH ?? '',
      DATA_DIR: dataDir,
      WORKER_URL: url,
      WORKER_TOKEN: TOKEN,
      WORKER_MODEL: 'ai2text-en',
      WORKER_RUNTIME: 'wasm',
      WORKER_THREADS: '1',
      WORKER_HEALTH_FILE: join(dataDir, 'healthy'),
    },
    stdio: 'inherit',
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  const item = await vi.waitFor(
    async () => {
      const [first] = (await get('/api/inbox')).items;
      expect(first).toMatchObject({ name: 'speech.m4a', state: 'done', error: null });
      return first;
    },
    // the list may be asked for 300 times a minute
    { timeout: 40_000, interval: 500 },
  );
  expect(existsSync(join(dataDir, 'healthy'))).toBe(true);
  const { segments } = await get(`/api/inbox/${item.id}/transcript`);
  const text = segments.map((segment: { text: string }) => segment.text).join(' ');
  expect(text).toContain('heavy rain would reach');
});
