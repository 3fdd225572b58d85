import type { Cookie } from '@playwright/test';
import { expectAccessible, NARROW_LOOKS } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { databaseOf, readTranscripts } from '../fixtures/store';
import { test as base, expect } from '../fixtures/test';
import { Device } from '../pages/device';

const server = new AppServer();
/** Of a session for each. */
const cookies: Record<'laptop' | 'phone', Cookie[]> = { laptop: [], phone: [] };

/** Two browsers of one user; what both asked for is looked at after every test. */
const test = base.extend<{ laptop: Device; phone: Device }>({
  laptop: async ({ browser }, use) => {
    const device = await Device.open(browser, server);
    await use(device);
    await expectNoWords(device);
    await device.context.close();
  },
  phone: async ({ browser }, use) => {
    const device = await Device.open(browser, server);
    await use(device);
    await expectNoWords(device);
    await device.context.close();
  },
});

/** Nothing that was said, and nothing as large as sound, has left the device. */
async function expectNoWords({ requests, context }: Device): Promise<void> {
  const [page] = context.pages();
  const words = page ? (await readTranscripts(page)).flatMap(({ segments }) => segments) : [];
  const said = words.flatMap(({ text }) => text.split(/\s+/)).filter((word) => word.length > 3);
  for (const request of requests) {
    const body = request.postDataBuffer();
    expect(body?.length ?? 0, `${request.url()}: size`).toBeLessThan(2_000);
    const sent = `${decodeURIComponent(request.url())} ${body?.toString('utf8') ?? ''}`;
    if (!new URL(request.url()).pathname.startsWith('/api/')) continue;
    for (const word of said) expect(sent, 'a word left the device').not.toContain(word);
  }
}

/** It is there once the device has asked. */
async function expectSeen(device: Device, title: string): Promise<void> {
  await expect(async () => {
    await device.refocus();
    await expect(device.link(title)).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

test.beforeAll(async ({ browser }) => {
  await server.setUp(await server.start());
  for (const one of ['laptop', 'phone'] as const) {
    const device = await Device.open(browser, server);
    await device.signIn();
    cookies[one] = await device.context.cookies();
    await device.context.close();
  }
});
test.afterAll(() => server.stop());

test('asks before sending anything, then lists a transcript on the other device', async ({
  laptop,
  phone,
}) => {
  await laptop.home.open();
  await laptop.addTranscript('Budget talk');
  await laptop.signIn();
  await laptop.page.getByRole('button', { name: 'Move to my account' }).click();
  await expect(laptop.page.getByText('Show this device’s list')).toBeVisible();
  await phone.signIn();
  await expect(phone.link('Budget talk')).toHaveCount(0);
  const puts = () => laptop.requests.filter((request) => request.method() === 'PUT');
  expect(puts()).toEqual([]);
  await laptop.showList();
  await expect.poll(() => puts().length).toBe(1);
  await expectSeen(phone, 'Budget talk');
  await expect(phone.row('Budget talk')).toContainText('On another device');
  // nothing of it but this is there
  expect(await readTranscripts(phone.page)).toEqual([]);
  await phone.link('Budget talk').click();
  await expect(phone.page.getByRole('heading', { name: /on another device/ })).toBeVisible();
  // the choice is remembered
  await laptop.page.reload();
  await expect(laptop.link('Budget talk')).toBeVisible();
  await expect(laptop.page.getByText('Show this device’s list')).toHaveCount(0);
});

test('merges changes made offline on two devices; the later title wins', async ({
  laptop,
  phone,
}) => {
  await laptop.restoreSession(cookies.laptop);
  await laptop.addTranscript('Alpha');
  await laptop.showList();
  await phone.restoreSession(cookies.phone);
  await expectSeen(phone, 'Alpha');
  // pages that are loaded already: there is no copy for use offline in these tests
  await phone.link('Alpha').click();
  await laptop.link('Alpha').click();
  const titleOf = (device: Device) => device.page.getByRole('textbox', { name: 'Title' });
  for (const device of [phone, laptop]) {
    await expect(titleOf(device)).toBeVisible();
    await device.context.setOffline(true);
  }
  const rename = async (device: Device, to: string) => {
    const box = titleOf(device);
    await box.fill(to);
    await box.press('Enter');
  };
  await rename(laptop, 'Alpha of the laptop');
  await rename(phone, 'Alpha of the phone');
  await expect(phone.page).toHaveTitle(/Alpha of the phone/);
  await phone.context.setOffline(false);
  await expect
    .poll(() => phone.requests.filter((request) => request.method() === 'PUT').length)
    .toBe(1);
  // sent after the later one, and yet it does not win
  await laptop.context.setOffline(false);
  await expect(laptop.page).toHaveTitle(/Alpha of the phone/);
  await expect(titleOf(laptop)).toHaveValue('Alpha of the phone');
});

test('signing out removes what came from other devices, and hides what was made here', async ({
  laptop,
  phone,
}) => {
  await laptop.restoreSession(cookies.laptop);
  await laptop.addTranscript('Private talk');
  await laptop.showList();
  await phone.signIn();
  await phone.addTranscript('Made on the phone');
  await expectSeen(phone, 'Private talk');
  const library = await databaseOf(phone.page);
  await phone.signOut();
  await expect(phone.link('Private talk')).toHaveCount(0);
  await expect(phone.link('Made on the phone')).toHaveCount(0);
  const left = await phone.page.evaluate(
    (name) =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction('elsewhere').objectStore('elsewhere').getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(reading.result));
          };
        };
      }),
    library,
  );
  expect(left).toBe('[]');
  await phone.signIn();
  await expect(phone.link('Made on the phone')).toBeVisible();
});

test('can be used with the keyboard alone, on a small screen and in dark mode', async ({
  laptop,
  phone,
}) => {
  for (const { page } of [laptop, phone]) await page.setViewportSize({ width: 360, height: 740 });
  await laptop.restoreSession(cookies.laptop);
  const title = 'a talk with a very long name that goes on and on without an end in sight';
  await laptop.addTranscript(title);
  await expectAccessible(laptop.page, 'the one who is asked', NARROW_LOOKS);
  await laptop.showList();
  await phone.restoreSession(cookies.phone);
  await expectSeen(phone, title);
  await expectAccessible(phone.page, 'a list with another device', NARROW_LOOKS);
  await phone.link(title).focus();
  await phone.page.keyboard.press('Enter');
  await expect(phone.page.getByRole('heading', { name: /on another device/ })).toBeVisible();
  await expectAccessible(phone.page, 'a transcript of another device', NARROW_LOOKS);
  const box = phone.page.getByRole('textbox', { name: 'Title' });
  await box.focus();
  await box.press('Control+A');
  await phone.page.keyboard.type('short');
  await box.press('Enter');
  await expect(phone.page).toHaveTitle(/^short/);
});
