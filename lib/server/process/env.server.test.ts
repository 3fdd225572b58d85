import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { serverEnv, sessionSecret } from './env';

test('uses the secret that is given, and then writes none', async () => {
  const given = 'a secret of more than thirty-two characters';
  const { dataDir } = await withServer({ env: { NEXTAUTH_SECRET: given } });
  expect(await sessionSecret()).toBe(given);
  expect(await readdir(dataDir)).not.toContain('secret');
});

test('makes a secret once, for its owner’s eyes only', async () => {
  const { dataDir } = await withServer();
  const secret = await sessionSecret();
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(await sessionSecret()).toBe(secret);
  const file = join(dataDir, 'secret');
  expect((await readFile(file, 'utf8')).trim()).toBe(secret);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  // it is not read again for each request
  await rm(file);
  expect(await sessionSecret()).toBe(secret);
});

test('gives the same secret to all who start at once', async () => {
  const { dataDir } = await withServer();
  const children = Array.from({ length: 4 }, () => startChild('secret-maker'));
  for (const child of children) expect(await child.said()).toBe('ready');
  for (const child of children) child.tell('make');
  const made = await Promise.all(children.map((child) => child.said()));
  const secret = await sessionSecret();
  expect(made).toEqual(children.map(() => secret));
  expect((await readdir(dataDir)).filter((name) => name.startsWith('secret'))).toEqual(['secret']);
});

test('refuses a file that holds no secret instead of signing with nothing', async () => {
  const { dataDir } = await withServer();
  await writeFile(join(dataDir, 'secret'), '\n');
  await expect(sessionSecret()).rejects.toThrow(/holds no secret/);
});

test('reads the environment of the test that runs', async () => {
  const { dataDir } = await withServer({ env: { TRUST_PROXY: '2' } });
  expect(serverEnv()).toMatchObject({ dataDir, trustProxy: 2 });
});
