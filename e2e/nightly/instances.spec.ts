import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { freePort } from '../../tools/app/listening';
import { startServer } from '../../tools/app/server';
import { addMember, LoadClient, makeShare } from '../../tools/bench/load-client';
import { startCeph } from '../../tools/services/ceph';
import { NotHere } from '../../tools/services/commands';
import { startPostgres } from '../../tools/services/postgres';

const SECRET = 'the same for every instance of the tests';
const ACCOUNT = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' };

interface Instance {
  url: string;
  /** The setup token, as this instance printed it. */
  token: string;
  close(): Promise<void>;
}

/** Two instances of the app on one PostgreSQL database and one bucket. */
interface Deployment {
  first: Instance;
  second: Instance;
  /** Why it cannot run here, in one sentence. */
  missing?: string;
}

const NO_INSTANCE: Instance = { url: '', token: '', close: async () => undefined };

async function startInstance(env: Record<string, string>): Promise<Instance> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-instance-'));
  const lines: string[] = [];
  const { url, close } = await startServer({
    port: await freePort(),
    env: { ...env, DATA_DIR: dataDir },
    print: (line: string) => void lines.push(line),
  });
  const token = () => /\/setup#(\S+)/.exec(lines.join('\n'))?.[1] ?? '';
  await expect.poll(token, { timeout: 60_000 }).not.toBe('');
  return {
    url,
    token: token(),
    async close() {
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const test = base.extend<object, { deployment: Deployment; owner: LoadClient }>({
  deployment: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
    async ({}, use) => {
      const closers: (() => Promise<void>)[] = [];
      try {
        const postgres = await startPostgres();
        closers.push(postgres.close);
        const ceph = await startCeph();
        closers.push(ceph.close);
        const env = {
          DATABASE_URL: postgres.url,
          S3_ENDPOINT: ceph.endpoint,
          S3_BUCKET: 'ai2text-instances',
          S3_ACCESS_KEY_ID: ceph.accessKeyId,
          S3_SECRET_ACCESS_KEY: ceph.secretAccessKey,
          NEXTAUTH_SECRET: SECRET,
          NEXTAUTH_URL: 'http://ai2text.test',
          TRUST_PROXY: '1',
        };
        // at the same moment, on a database without tables
        const [first, second] = await Promise.all([startInstance(env), startInstance(env)]);
        closers.push(first.close, second.close);
        await use({ first, second });
      } catch (error) {
        // in CI, where everything can be installed, nothing may be skipped
        if (!(error instanceof NotHere) || process.env.CI === 'true') throw error;
        await use({ first: NO_INSTANCE, second: NO_INSTANCE, missing: error.message });
      } finally {
        for (const close of closers.reverse()) await close();
      }
    },
    { scope: 'worker', timeout: 400_000 },
  ],
  owner: [
    async ({ deployment: { first, second } }, use) => {
      const clients = [new LoadClient(first.url), new LoadClient(second.url)];
      // two people open the link at the same moment, on two instances
      const answers = await Promise.all(
        clients.map((client, index) =>
          client.call('POST', '/api/setup', {
            json: {
              token: first.token,
              account: { ...ACCOUNT, email: `ada-${index}@example.org` },
            },
          }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
      const made = answers.findIndex(({ status }) => status === 204);
      const [cookie = ''] = answers[made]?.headers['set-cookie'] ?? [];
      const owner = clients[made];
      if (!owner) throw new Error('Nobody became the owner.');
      owner.cookie = cookie.split(';')[0] ?? '';
      await use(owner);
      for (const client of clients) client.close();
    },
    { scope: 'worker' },
  ],
});

test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeEach(({ deployment: { missing } }) => test.skip(missing !== undefined, missing));

/** The same browser on another instance. */
function on({ url }: Instance, { cookie }: { cookie: string }): LoadClient {
  const client = new LoadClient(url);
  client.cookie = cookie;
  return client;
}

const isSignedIn = async (client: LoadClient) =>
  (await client.call('GET', '/api/sessions')).status === 200;

test('creates one owner, whose session is valid on both instances', async ({
  deployment,
  owner,
}) => {
  expect(await isSignedIn(on(deployment.first, owner))).toBe(true);
  expect(await isSignedIn(on(deployment.second, owner))).toBe(true);
});

test('ends a session on both instances when one of them ends it', async ({ deployment, owner }) => {
  const { first, second } = deployment;
  const member = await addMember(first.url, on(first, owner), 1);
  const there = on(second, member);
  expect(await isSignedIn(there)).toBe(true);
  const { body } = await member.must('GET', '/api/sessions');
  const [session] = JSON.parse(body.toString()).sessions;
  await member.must('DELETE', `/api/sessions/${session.id}`);
  expect(await isSignedIn(there)).toBe(false);
});

test('counts attempts on both instances together', async ({ deployment: { first, second } }) => {
  const tryOn = ({ url }: Instance) =>
    fetch(`${url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.77' },
      body: JSON.stringify({ token: 'made up', account: ACCOUNT }),
    });
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => tryOn(index % 2 === 0 ? first : second)),
  );
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
  expect({ refused: count(403), limited: count(429) }).toEqual({ refused: 20, limited: 10 });
});

test('opens a link on one instance that was created on the other, and revokes it on either', async ({
  deployment: { first, second },
  owner,
}) => {
  const share = await makeShare(on(first, owner), 50_000);
  const reader = new LoadClient(second.url);
  const open = () => reader.call('GET', share.path, { headers: share.headers });
  expect(await open()).toMatchObject({ status: 200, sizeBytes: 50_000 });
  await on(first, owner).must('DELETE', `/api/shares/${share.idHash}`);
  expect((await open()).status).toBe(404);
});

test('loses nothing when an instance stops', async ({ deployment, owner }) => {
  const { first, second } = deployment;
  const share = await makeShare(on(first, owner), 10_000);
  await first.close();
  expect(await isSignedIn(on(second, owner))).toBe(true);
  const reader = new LoadClient(second.url);
  expect(await reader.call('GET', share.path, { headers: share.headers })).toMatchObject({
    status: 200,
  });
});
