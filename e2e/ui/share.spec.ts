import type { Cookie, Request, Response } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { readTranscripts } from '../fixtures/store';
import { test as base, expect } from '../fixtures/test';
import { Device } from '../pages/device';
import { Reader, ShareDialog } from '../pages/shared';

const server = new AppServer();
/** Of the owner's session. */
let cookies: Cookie[] = [];
const PASSWORD = 'Öffne dich, Sesam!';
const TITLE = 'Weather report';

/** The owner, signed in, on the page of a transcript; and a reader who has a link. */
const test = base.extend<{ owner: Device; dialog: ShareDialog; reader: Reader; words: string[] }>({
  owner: async ({ browser }, use) => {
    const owner = await Device.open(browser, server);
    await owner.restoreSession(cookies);
    await owner.addTranscript(TITLE);
    await owner.link(TITLE).click();
    await use(owner);
    await owner.context.close();
  },
  words: async ({ owner }, use) => {
    const [transcript] = await readTranscripts(owner.page);
    const text = (transcript?.segments ?? []).map((segment) => segment.text).join(' ');
    await use(text.split(/\s+/).filter((word) => word.length > 4));
  },
  dialog: async ({ owner }, use) => {
    const dialog = new ShareDialog(owner.page);
    await dialog.open();
    await use(dialog);
  },
  reader: async ({ browser }, use) => {
    const reader = await Reader.open(browser);
    await use(reader);
    await reader.context.close();
  },
});

test.beforeAll(async ({ browser }) => {
  await server.setUp(await server.start());
  // only once: sign-ins are rate-limited
  const device = await Device.open(browser, server);
  await device.signIn();
  cookies = await device.context.cookies();
  await device.context.close();
});
test.afterAll(() => server.stop());

const secretOf = (link: string) => /#k=([\w-]+)/.exec(link)?.[1] ?? '';
const idOf = (link: string) => /\/s\/([\w-]+)/.exec(link)?.[1] ?? '';

/** Everything that a browser sent and received, as text. */
async function trafficOf(requests: Request[], responses: Response[] = []): Promise<string> {
  const sent = requests.map(async (request) =>
    [
      request.url(),
      decodeURIComponent(request.url()),
      JSON.stringify(await request.allHeaders()),
      request.postDataBuffer()?.toString('latin1') ?? '',
      request.postDataBuffer()?.toString('utf8') ?? '',
    ].join('\n'),
  );
  const got = responses
    .filter((response) => new URL(response.url()).pathname.startsWith('/api/'))
    .map(async (response) => {
      const body = await response.body().catch(() => Buffer.alloc(0)); // an answer without one
      return `${JSON.stringify(await response.allHeaders())}\n${body.toString('latin1')}`;
    });
  return (await Promise.all([...sent, ...got])).join('\n');
}

/** Checks that nothing that was sent or received contains what the server must never see. */
function expectSecret(traffic: string, link: string, words: string[]) {
  expect(traffic.length).toBeGreaterThan(1_000);
  expect(secretOf(link)).toHaveLength(22);
  for (const secret of [secretOf(link), PASSWORD, encodeURIComponent(PASSWORD), TITLE, ...words])
    expect(traffic.includes(secret), `“${secret}” was sent`).toBe(false);
}

test('a shared transcript with audio is read and played on a phone, and no server sees its content', async ({
  owner,
  dialog,
  reader,
  words,
}) => {
  expect(words.length).toBeGreaterThan(3);
  const link = await dialog.make({ password: PASSWORD, audio: true, expires: 'In a week' });
  expect(link).toMatch(/\/s\/[\w-]{22}#k=[\w-]{22}&p$/);
  await expect(dialog.rows).toHaveCount(1);
  await expect(dialog.rows).toContainText('With audio · With a password');
  await expect(dialog.rows).toContainText('Not opened yet');

  await reader.visit(link);
  await expect(reader.password).toBeVisible();
  // nothing is asked of the server before there is a password
  expect(reader.requests.filter((one) => one.url().includes('/api/'))).toEqual([]);
  await reader.unlock('open sesame');
  await expect(reader.alert('not the password')).toBeVisible();
  await reader.unlock(PASSWORD);
  for (const word of words) await expect(reader.text).toContainText(word);
  await expect(reader.page.getByRole('heading', { level: 1 })).toHaveText(TITLE);
  // a word leads to its place in the recording
  await expect(reader.media).toBeAttached();
  const word = reader.text.getByRole('button').nth(6);
  await word.click();
  const startMs = Number(await word.getAttribute('data-start'));
  expect(startMs).toBeGreaterThan(0);
  await expect.poll(() => reader.currentTime()).toBeGreaterThanOrEqual(startMs / 1000);
  await expect(reader.page.getByRole('button', { name: 'Pause playback' })).toBeVisible();

  // the secret is out of the address, and nothing of it stays on the device
  expect(reader.page.url()).toBe(link.split('#')[0]);
  expect(await reader.page.evaluate(traces)).toEqual({ databases: 0, local: 0, workers: false });
  expect(reader.page.workers()).toEqual([]);
  await reader.page.reload();
  await reader.unlock(PASSWORD);
  await expect(reader.text).toContainText(words[0] ?? '');
  expect(reader.page.url()).toBe(link.split('#')[0]);

  const origins = new Set(reader.requests.map((request) => new URL(request.url()).origin));
  origins.delete('null'); // the recording, from the browser's own memory
  expect([...origins]).toEqual([server.url]);
  expectSecret(await trafficOf(owner.requests), link, words);
  expectSecret(await trafficOf(reader.requests, reader.responses), link, words);

  await dialog.close();
  await dialog.open();
  await expect(dialog.rows).toContainText('Opened 2 times');
});

/** What a page has kept in this browser. */
async function traces() {
  return {
    databases: (await indexedDB.databases()).length,
    local: localStorage.length,
    workers: navigator.serviceWorker?.controller != null,
  };
}

test('a link without a password opens at once, can be copied again, and stops working when revoked', async ({
  owner,
  dialog,
  reader,
  words,
}) => {
  await owner.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const link = await dialog.make();
  expect(link).not.toContain('&p');
  await reader.visit(link);
  await expect(reader.text).toContainText(words[0] ?? '');
  await expect(reader.page.getByText('shared without its recording')).toBeVisible();

  await dialog.close();
  await owner.page.reload();
  await dialog.open();
  await dialog.rows.getByRole('button', { name: 'Copy link' }).click();
  await expect(dialog.rows).toContainText('Copied.');
  expect(await owner.page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  await dialog.revoke(dialog.rows);
  await expect(dialog.rows).toHaveCount(0);
  await reader.page.reload();
  await expect(reader.notAvailable).toBeVisible();
  expectSecret(await trafficOf(reader.requests, reader.responses), link, words);
});

test('the share dialog and the shared page are accessible and do not overflow', async ({
  owner,
  dialog,
  reader,
}) => {
  await expectAccessible(owner.page, 'share new');
  const open = await dialog.make({ audio: true });
  await dialog.box.getByRole('button', { name: 'Create another link' }).click();
  const locked = await dialog.make({ password: PASSWORD });
  await expect(dialog.rows).toHaveCount(2);
  await expectAccessible(owner.page, 'share links');
  await reader.visit(open);
  await expect(reader.media).toBeAttached();
  await expectAccessible(reader.page, 'share shared');
  await reader.visit(locked);
  await expect(reader.password).toBeVisible();
  await expectAccessible(reader.page, 'share locked');
  await reader.visit(open.replace(idOf(open), 'A'.repeat(22)));
  await expect(reader.notAvailable).toBeVisible();
  await expectAccessible(reader.page, 'share not-available');
});

test('offers to sign in when signed out, and returns to the dialog', async ({ browser }) => {
  const device = await Device.open(browser, server);
  await device.home.open();
  await device.addTranscript(TITLE);
  await device.link(TITLE).click();
  const dialog = new ShareDialog(device.page);
  await dialog.open();
  await expect(dialog.box).toContainText('you need an account on this server');
  const path = new URL(device.page.url()).pathname;
  await dialog.box.getByRole('link', { name: 'Sign in' }).click();
  await expect(device.page).toHaveURL(/\/sign-in\?callbackUrl=/);
  expect(new URL(device.page.url()).searchParams.get('callbackUrl')).toBe(path);
  await device.context.close();
});

test('cancels an upload on request, and says when the network is down', async ({
  owner,
  dialog,
}) => {
  const { page } = owner;
  await page.route('**/api/shares/*/parts/*', () => undefined); // never answered
  await dialog.box.getByLabel('Include audio').check();
  await dialog.box.getByRole('button', { name: 'Create link' }).click();
  await expect(dialog.box.getByRole('progressbar', { name: 'Uploading' })).toBeVisible();
  const removed = page.waitForRequest((request) => request.method() === 'DELETE');
  await dialog.box.getByRole('button', { name: 'Cancel' }).click();
  await removed;
  await expect(dialog.box.getByRole('button', { name: 'Create link' })).toBeVisible();
  await expect(dialog.rows).toHaveCount(0);
  await owner.context.setOffline(true);
  await dialog.box.getByRole('button', { name: 'Create link' }).click();
  await expect(dialog.box.getByText('There is no connection.').first()).toBeVisible();
});
