import type { Cookie, Request, Response } from '@playwright/test';
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

/** The one who shares, signed in, on the page of a transcript; and somebody with a link. */
const test = base.extend<{ owner: Device; dialog: ShareDialog; reader: Reader; words: string[] }>({
  owner: async ({ browser }, use) => {
    const owner = await Device.open(browser, server);
    await owner.isSignedIn(cookies);
    await owner.has(TITLE);
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
    const reader = await Reader.arrive(browser);
    await use(reader);
    await reader.context.close();
  },
});

test.beforeAll(async ({ browser }) => {
  await server.setUp(await server.start());
  // once: how often one may sign in is limited
  const device = await Device.open(browser, server);
  await device.signIn();
  cookies = await device.context.cookies();
  await device.context.close();
});
test.afterAll(() => server.stop());

const secretOf = (link: string) => /#k=([\w-]+)/.exec(link)?.[1] ?? '';
const idOf = (link: string) => /\/s\/([\w-]+)/.exec(link)?.[1] ?? '';

/** Everything that a browser sent and got, as text. */
async function _trafficOf(requests: Request[], responses: Response[] = []): Promise<string> {
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

/** What the server must never see has not been in anything that was sent or answered. */
function _expectSecret(traffic: string, link: string, words: string[]) {
  expect(traffic.length).toBeGreaterThan(1_000);
  expect(secretOf(link)).toHaveLength(22);
  for (const secret of [secretOf(link), PASSWORD, encodeURIComponent(PASSWORD), TITLE, ...words])
    expect(traffic.includes(secret), `“${secret}” was sent`).toBe(false);
}

test('links outlive their transcript here, and are listed and revoked in the settings', async ({
  owner,
  dialog,
  reader,
}) => {
  const link = await dialog.make();
  await dialog.close();
  const { page } = owner;
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.goto('/settings');
  const rows = page.getByRole('list', { name: 'Shared links' }).getByRole('listitem');
  // the newest comes first; those of other tests may follow
  const row = rows.first();
  await expect(row).toContainText('not on this device');
  const count = await rows.count();
  await row.getByRole('button', { name: 'Revoke', exact: true }).click();
  await row.getByRole('button', { name: 'Revoke link' }).click();
  await expect(rows).toHaveCount(count - 1);
  await reader.visit(link);
  await expect(reader.notAvailable).toBeVisible();
});

test('says the same of a link that was revoked, has expired, or never was', async ({
  dialog,
  reader,
}) => {
  const expired = await dialog.make({ expires: 'In an hour' });
  await dialog.box.getByRole('button', { name: 'Create another link' }).click();
  const revoked = await dialog.make();
  await dialog.revoke(dialog.rows.first());
  await expect(dialog.rows).toHaveCount(1);
  await server.inDatabase(`update shares set expires_at = now() - interval '1 second'`);

  const unknown = expired.replace(idOf(expired), 'A'.repeat(22));
  const seen: string[] = [];
  for (const link of [expired, revoked, unknown]) {
    await reader.visit(link);
    await expect(reader.notAvailable).toBeVisible();
    const title = await reader.page.title();
    seen.push(`${title} ${await reader.page.getByRole('main').textContent()}`);
  }
  expect(new Set(seen).size).toBe(1);
});

test('stops asking for passwords after ten wrong ones', async ({ dialog, reader }) => {
  const link = await dialog.make({ password: PASSWORD });
  await reader.visit(link);
  for (let time = 0; time < 10; time += 1) {
    const answered = reader.page.waitForResponse(/\/api\/shares\//);
    await reader.unlock(`wrong ${time}`);
    expect((await answered).status()).toBe(403);
  }
  await reader.unlock(PASSWORD);
  await expect(reader.alert('too many tries')).toBeVisible();
});

test('says what is wrong with half a link, and asks the server nothing', async ({
  dialog,
  reader,
}) => {
  const link = await dialog.make();
  for (const half of [link.slice(0, -3), link.split('#')[0] ?? '', link.replace('/s/', '/s/x')]) {
    await reader.visit(half);
    await expect(reader.notAvailable).toBeVisible();
    await expect(reader.page.getByText('This link is not complete.')).toBeVisible();
  }
  expect(reader.requests.filter((one) => one.url().includes('/api/'))).toEqual([]);
});

test('offers to sign in to whoever is not, and comes back', async ({ browser }) => {
  const device = await Device.open(browser, server);
  await device.home.open();
  await device.has(TITLE);
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

test('gives an upload up when that is asked for, and when the network is gone says so', async ({
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
