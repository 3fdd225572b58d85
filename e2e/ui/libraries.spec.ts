import { randomUUID } from 'node:crypto';
import type { BrowserContext, Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer, PASSWORD } from '../fixtures/app-server';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { saveData } from '../fixtures/save-data';
import { databaseOf, readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { HomePage } from '../pages/home';
import { RecordingPage } from '../pages/recording';

const server = new AppServer();
const BOB = 'bob@example.org';

test.use({ launchOptions: withMicrophone(audio('speech.wav')) });

test.beforeAll(async () => {
  test.setTimeout(240_000);
  await server.setUp(await server.start());
  await server.inDatabase(`insert into users (name, email, password_hash, role)
    select 'Bob Member', '${BOB}', password_hash, 'member' from users`);
});
test.afterAll(() => server.stop());

/** Puts a finished transcript without words into the library that a page has open. */
async function putTranscript(page: Page, title: string): Promise<void> {
  const now = new Date().toISOString();
  const record = {
    id: randomUUID(),
    title,
    language: 'en',
    createdAt: now,
    updatedAt: now,
    durationMs: 60_000,
    source: { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null },
    model: null,
    state: 'complete',
    wordCount: 0,
    media: 'none',
    hasVideo: false,
    notices: [],
    deletedAt: null,
  };
  await page.evaluate(
    ({ name, record }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
          const tx = opening.result.transaction('transcripts', 'readwrite');
          tx.objectStore('transcripts').put(record);
          tx.onabort = () => reject(tx.error);
          tx.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    { name: await databaseOf(page), record },
  );
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(account(page)).toBeVisible();
}

async function signOut(page: Page): Promise<void> {
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
}

const account = (page: Page) => page.getByRole('button', { name: /^Account of/ });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const titles = (page: Page) => new HomePage(page).transcripts.getByRole('link');

/** Notes every text that a page of this browser ever shows, also for a moment. */
async function watchTexts(context: BrowserContext): Promise<string[]> {
  const seen: string[] = [];
  await context.exposeFunction('noteText', (text: string) => void seen.push(text));
  await context.addInitScript(() => {
    const note = Reflect.get(window, 'noteText') as (text: string) => void;
    new MutationObserver(() => note(document.body?.textContent ?? '')).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  return seen;
}

test.describe('two people in one browser', () => {
  // one browser, one story: each test continues where the one before ended
  test.describe.configure({ mode: 'serial' });
  let context: BrowserContext;
  let page: Page;
  let seen: string[];
  const found = () => page.getByRole('region', { name: 'Found in this browser' });

  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
    await saveData(context);
    seen = await watchTexts(context);
    page = await context.newPage();
  });
  test.afterAll(() => context.close());

  test('offers to move transcripts made while signed out to the account', async () => {
    await new HomePage(page).open();
    await putTranscript(page, 'Made signed out');
    await signIn(page, server.owner);
    await expect(found()).toContainText('1 transcript made here without an account');
    await expect(found()).toContainText('Made signed out');
    await expect(titles(page)).toHaveCount(0);
    await expectAccessible(page, 'what is offered');
    await button(page, 'Move to my account').click();
    await expect(titles(page)).toHaveText([/Made signed out/]);
    await expect(found()).toHaveCount(0);
    expect(await readTranscripts(page, null)).toEqual([]);
    await putTranscript(page, 'Talk of the owner');
  });

  test('every tab follows signing out and in, and shows nothing of the other account', async () => {
    const other = await context.newPage();
    await new HomePage(other).open();
    await expect(titles(other)).toHaveText([/Talk of the owner/, /Made signed out/]);
    await signOut(page);
    await expect(titles(page)).toHaveCount(0);
    await expect(other.getByRole('link', { name: 'Sign in' })).toBeVisible();
    await expect(titles(other)).toHaveCount(0);
    await putTranscript(page, 'Left by somebody');
    seen.length = 0;
    await signIn(other, BOB);
    await other.close();
    await expect(account(page)).toHaveAccessibleName('Account of Bob Member');
    await expect(found()).toContainText('1 transcript made here without an account');
    await button(page, 'Leave').click();
    await expect(found()).toHaveCount(0);
    await expect(titles(page)).toHaveCount(0);
    await expect(page.getByText('Show this device’s list')).toHaveCount(0);
    await putTranscript(page, 'Talk of Bob');
    expect(seen.filter((text) => text.includes('Talk of the owner'))).toEqual([]);
  });

  test('offline, shows the library of the account last signed in, and none once the session has ended', async () => {
    await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await page.reload();
    await expect(titles(page)).toHaveText([/Talk of Bob/]);
    expect(seen.some((text) => text.includes('Talk of Bob'))).toBe(true);
    // answered once
    await expect(found()).toHaveCount(0);
    await context.unroute('**/api/**');
    await context.clearCookies();
    await page.reload();
    await expect(page.getByText('Sign in again to see your transcripts.')).toBeVisible();
    await expect(titles(page)).toHaveText([/Left by somebody/]);
    seen.length = 0;
    await page.reload();
    await expect(titles(page)).toHaveText([/Left by somebody/]);
    expect(seen.filter((text) => /Talk of (Bob|the owner)/.test(text))).toEqual([]);
  });

  test('can keep the transcripts of an account that was deleted', async () => {
    await server.inDatabase(`delete from users where email = '${BOB}'`);
    await page.reload();
    await expect(found()).toContainText(
      '1 transcript of an account that this server no longer has',
    );
    await expect(found()).not.toContainText('Talk of Bob');
    await button(page, 'Keep without account').click();
    await expect(titles(page)).toHaveText([/Talk of Bob/, /Left by somebody/]);
  });

  test('removes a library in the settings, after which the remaining one can still be moved', async () => {
    await signIn(page, server.owner);
    await expect(titles(page)).toHaveText([/Talk of the owner/, /Made signed out/]);
    // answered before: it is in the settings only
    await expect(found()).toHaveCount(0);
    await page.goto('/settings');
    const storage = page.getByRole('region', { name: 'Storage' });
    await expect(storage).toContainText('Your account’s library here: 2 transcripts');
    await expect(storage).toContainText('2 transcripts made here without an account.');
    await button(page, 'Remove my library from this browser').click();
    await button(page, 'Remove for good').click();
    await expect(storage).toContainText('Your account’s library here: 0 transcripts');
    await button(page, 'Move to my account').click();
    await expect(storage).toContainText('Your account’s library here: 2 transcripts');
  });
});

test('signing out ends a recording first, or keeps it in the library where it began', async ({
  browser,
}) => {
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  await saveData(context);
  await context.grantPermissions(['microphone']);
  const page = await context.newPage();
  await signIn(page, server.owner);
  const library = await databaseOf(page);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForLength(1_500);
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText(/A recording is in progress.*Stop it first/)).toBeVisible();

  // ended from another device: another tab learns of it first
  await context.clearCookies();
  const other = await context.newPage();
  await new HomePage(other).open();
  await expect(other.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(
    page.getByText(/The recording continues and will be saved in the library/),
  ).toBeVisible();
  const lengthMs = await recording.elapsedMs();
  await recording.waitForLength(lengthMs + 1_000);
  await recording.stop.click();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  expect(await readTranscripts(page, null)).toEqual([]);
  const stored = await readTranscripts(page, library.split(':')[1] ?? null);
  expect(stored).toMatchObject([{ media: 'kept', state: 'partial' }]);
  await context.close();
});

test('moves what an older build stored for an account into that account’s library at the first start', async ({
  browser,
}) => {
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  await saveData(context);
  const page = await context.newPage();
  await signIn(page, server.owner);
  const noted = await page.evaluate(() => localStorage.getItem('ai2text:account'));
  await context.close();

  const old = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  await saveData(old);
  const later = await old.newPage();
  const seen = await watchTexts(old);
  await new HomePage(later).open();
  await putTranscript(later, 'Talk of before');
  await later.goto('/icon.svg');
  const { id } = JSON.parse(noted ?? '') as { id: string };
  await later.evaluate(
    (owner) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('ai2text');
        opening.onsuccess = () => {
          const tx = opening.result.transaction('settings', 'readwrite');
          const value = { owner, signedIn: true, revision: 3, shows: { [owner]: true } };
          tx.objectStore('settings').put({ name: 'sync', value });
          tx.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    id,
  );
  // the session has run out since: they are the account's all the same
  seen.length = 0;
  await new HomePage(later).open();
  await expect(titles(later)).toHaveCount(0);
  await signIn(later, server.owner);
  await expect(titles(later)).toHaveText([/Talk of before/]);
  expect(seen.filter((text) => text.includes('made here without an account'))).toEqual([]);
  await old.close();
});
