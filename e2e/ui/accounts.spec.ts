import type { Browser, Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer, PASSWORD } from '../fixtures/app-server';
import { saveData } from '../fixtures/save-data';
import { expect, test } from '../fixtures/test';

const server = new AppServer();
const OLGA = { name: 'Olga Owner', email: 'olga@example.org' };
const MAX = { name: 'Max Member', email: 'max@example.org' };
let setupLink = '';

// one server, one story: each test continues where the one before ended
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  setupLink = await server.start();
});
test.afterAll(() => server.stop());

/** A browser of its own. */
async function openApp(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
  await saveData(context);
  return context.newPage();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const account = (page: Page) => page.getByRole('region', { name: 'Account' });
const members = (page: Page) => page.getByRole('list', { name: 'Members' });
const alert = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text });
const menu = (page: Page) => page.getByRole('button', { name: /^Account of/ });

async function fillAccount(page: Page, { name, email }: typeof OLGA): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await button(page, 'Create account and sign in').click();
}

async function signIn(page: Page, { email }: typeof OLGA, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in?callbackUrl=/settings');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

test('a single-user install never asks to sign in', async ({ browser }) => {
  const page = await openApp(browser);
  await page.goto('/settings');
  await expect(account(page)).toContainText('You don’t need an account');
  await expect(account(page)).toContainText('There are no accounts on this server');
  await expect(page.getByRole('link', { name: 'Sign in' })).toHaveCount(0);
  await page.goto('/sign-in');
  await expect(page.getByText('There is no account on this server')).toBeVisible();
  await expectAccessible(page, 'sign-in without accounts');
  await page.context().close();
});

test('the printed setup link creates the owner account, once', async ({ browser }) => {
  const page = await openApp(browser);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.goto(`${setupLink}x`);
  await expect(alert(page, 'incomplete')).toBeVisible();
  // only the fragment differs: the page that is open reads it again
  await page.goto(setupLink);
  await expect(page.getByLabel('Password')).toBeVisible();

  // by keyboard: what is wrong is said beside each field, and the focus is on the first of them
  await page.getByLabel('Email').fill('olga');
  await page.getByLabel('Password').fill('short');
  await page.getByLabel('Password').press('Enter');
  await expect(page.getByLabel('Email')).toBeFocused();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/such as anna@example.org/);
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(
    'Use at least 10 characters.',
  );
  await button(page, 'Show typed characters').click();
  await expect(page.getByLabel('Password')).toHaveAttribute('type', 'text');
  await expectAccessible(page, 'set-up with faults');

  await fillAccount(page, OLGA);
  // the database is made now
  await expect(account(page)).toContainText('owner of this server', { timeout: 120_000 });
  await expect(members(page).getByRole('listitem')).toHaveCount(1);
  expect(page.url()).not.toContain(new URL(setupLink).hash);
  const token = new URL(setupLink).hash.slice(1);
  expect(
    sent.filter((url) => url.includes(token)),
    'the secret in an address',
  ).toEqual([]);

  await page.goto('about:blank');
  await page.goto(setupLink);
  await expect(alert(page, 'already has an owner')).toBeVisible();
  await page.context().close();
});

test('signs in and out', async ({ browser }) => {
  const page = await openApp(browser);
  await signIn(page, OLGA, 'a wrong password');
  await expect(alert(page, 'The email or the password is wrong.')).toBeVisible();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Password').press('Enter');
  await expect(page).toHaveURL(({ pathname }) => pathname === '/settings');
  await expect(account(page)).toContainText(OLGA.email);
  await menu(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(account(page)).toContainText('You don’t need an account');
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();

  // in German the names of the places are longer
  await page.evaluate(() => localStorage.setItem('ai2text:language', 'de'));
  await page.setViewportSize({ width: 360, height: 740 });
  await page.reload();
  const entry = page.getByRole('banner').getByRole('link', { name: 'Anmelden' });
  const place = page.getByRole('banner').getByRole('link', { name: 'Einstellungen' });
  await expect(entry).toBeVisible();
  const step = async () =>
    ((await entry.boundingBox())?.y ?? -1) - ((await place.boundingBox())?.y ?? -2);
  await expect.poll(step).toBe(0);
  await page.context().close();
});

test('the owner invites a member, who creates an account, and removes the member again', async ({
  browser,
}) => {
  const owner = await openApp(browser);
  await signIn(owner, OLGA);
  await owner.getByLabel('For whom').fill('Max from sales');
  await button(owner, 'Create invitation').click();
  const link = await owner.getByLabel('Invitation link').inputValue();
  const open = owner.getByRole('list', { name: 'Invitations' });
  await expect(open).toContainText('Max from sales');

  const guest = await openApp(browser);
  await guest.goto(link);
  await expect(guest.getByText(`${OLGA.name} invites you`)).toBeVisible();
  await expectAccessible(guest, 'invitation');
  await fillAccount(guest, { ...MAX, email: OLGA.email.toUpperCase() });
  await expect(alert(guest, 'already exists here')).toBeVisible();
  await fillAccount(guest, MAX);
  await expect(menu(guest)).toHaveAccessibleName(`Account of ${MAX.name}`);
  await guest.goto('/settings');
  await expect(account(guest)).toContainText(MAX.email);
  await expect(members(guest)).toHaveCount(0);

  const late = await openApp(browser);
  await late.goto(link);
  await expect(alert(late, 'used, revoked, or has expired')).toBeVisible();
  await late.context().close();

  await owner.reload();
  await expect(members(owner)).toContainText(MAX.email);
  await expect(open).not.toContainText('Max from sales');
  await expectAccessible(owner, 'settings of the owner');
  await members(owner)
    .getByRole('listitem')
    .filter({ hasText: MAX.email })
    .getByRole('button', { name: 'Remove' })
    .click();
  await button(owner, 'Remove for good').click();
  await expect(members(owner)).not.toContainText(MAX.email);

  await guest.reload();
  await expect(account(guest)).toContainText('You don’t need an account');
  await signIn(guest, MAX);
  await expect(alert(guest, 'The email or the password is wrong.')).toBeVisible();
  await guest.context().close();

  await menu(owner).click();
  await owner.getByRole('menuitem', { name: 'Workers' }).click();
  await expect(owner.getByText('No recording is waiting, and none has failed.')).toBeVisible();
  await expectAccessible(owner, 'workers of the owner');
  await owner.context().close();
});

test('signs a device out from another device, and by changing the password', async ({
  browser,
}) => {
  const laptop = await openApp(browser);
  const phone = await openApp(browser);
  await signIn(laptop, OLGA);
  await signIn(phone, OLGA);
  await expect(account(phone)).toContainText(OLGA.email);
  await laptop.reload();
  const devices = laptop.getByRole('list', { name: 'Devices' });
  await expect(devices.getByText('this device')).toHaveCount(1);
  await button(laptop, 'Sign out everywhere else').click();
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await phone.reload();
  await expect(account(phone)).toContainText('You don’t need an account');

  await signIn(phone, OLGA);
  await expect(account(phone)).toContainText(OLGA.email);
  await button(laptop, 'Change password').click();
  await laptop.getByLabel('Current password').fill('not the right one');
  await laptop.getByLabel('New password').fill('a brand new password');
  await button(laptop, 'Save password').click();
  const dialog = laptop.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toHaveText('The current password is wrong.');
  await laptop.getByLabel('Current password').fill(PASSWORD);
  await button(laptop, 'Save password').click();
  await expect(dialog).toHaveCount(0);
  await phone.reload();
  await expect(account(phone)).toContainText('You don’t need an account');
  await signIn(phone, OLGA, 'a brand new password');
  await expect(account(phone)).toContainText(OLGA.email);
  for (const page of [laptop, phone]) await page.context().close();
});
