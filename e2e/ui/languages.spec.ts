import type { Locator, Page } from '@playwright/test';
import { en as account } from '../../app/_features/account/messages/en';
import { en as library } from '../../app/_features/library/messages/en';
import { en as models } from '../../app/_features/models/messages/en';
import { en as reader } from '../../app/_features/reader/messages/en';
import { en as recording } from '../../app/_features/recording/messages/en';
import { en as settings } from '../../app/_features/settings/messages/en';
import { en as sharing } from '../../app/_features/sharing/messages/en';
import { en as shell } from '../../app/_features/shell/messages/en';
import { en as sync } from '../../app/_features/sync/messages/en';
import { en as ui } from '../../app/_features/ui/messages/en';
import { expectAccessible } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { clearStorage, prepareStorage } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

const TITLE = 'Second';

/** Chosen on an earlier visit. */
const speak = (page: Page, language: string) =>
  page.addInitScript((tag) => localStorage.setItem('ai2text:language', tag), language);

/** Library, reader and settings, each when it is there. */
async function* pages(page: Page): AsyncGenerator<string> {
  await page.goto('/');
  await expect(page.getByRole('link', { name: TITLE })).toBeVisible();
  yield 'library';
  await page.getByRole('link', { name: TITLE }).click();
  await expect(page.getByRole('textbox').first()).toHaveValue(TITLE);
  yield 'reader';
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  yield 'settings';
}

/** Every text that stands in a catalogue as it is shown. */
const ENGLISH = [account, library, models, reader, recording, settings, sharing, shell, sync, ui]
  .flatMap((messages): string[] => Object.values(messages))
  .filter((message) => message.length > 3 && !message.includes('{'));

/** Visible texts of a catalogue that were drawn in English. */
const leftInEnglish = (page: Page) =>
  page.evaluate((english) => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = (node.textContent ?? '').trim();
      const element = node.parentElement;
      // what was said may be a word of a catalogue, too
      if (!element?.checkVisibility() || element.closest('[data-row]')) continue;
      if (english.includes(text)) found.push(text);
    }
    return found;
  }, ENGLISH);

/** The text of an element of one line, from left to right as it is drawn. */
const drawn = (locator: Locator) =>
  locator.evaluate((element) => {
    const characters: { text: string; left: number }[] = [];
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const [at, text] of [...(node.textContent ?? '')].entries()) {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const { left, width } = range.getBoundingClientRect();
        // what sets the direction is not drawn
        if (width > 0) characters.push({ text, left });
      }
    return characters
      .sort((a, b) => a.left - b.left)
      .map(({ text }) => text)
      .join('');
  });

test('in German, as the browser wants it, on every page', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ locale: 'de-AT', ...(baseURL && { baseURL }) });
  const page = await context.newPage();
  // the app makes its database; with a backend chosen it does not look for one, during which buttons are disabled
  await prepareStorage(page);
  await clearStorage(page);
  await putTranscript(page, { title: TITLE });
  for await (const name of pages(page)) {
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expectAccessible(page, `German ${name}`);
  }
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
  await expect(page).toHaveTitle('Einstellungen · AI2Text');

  // chosen in the settings it holds, and the focus stays where it was
  const choice = page.getByLabel('Menüs und Meldungen');
  await choice.focus();
  await choice.selectOption('English');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByLabel('Menus and messages')).toBeFocused();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await context.close();
});

test('in the pseudo-language no text is missing from the catalogues, and pages are mirrored', async ({
  page,
}) => {
  await speak(page, 'en-XB');
  await page.goto('/');
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await expectAccessible(page, 'pseudo empty library');
  await putTranscript(page, { title: TITLE });
  for await (const name of pages(page)) {
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(page.getByText(/^\[.*~\]$/).first()).toBeVisible();
    expect(await leftInEnglish(page), name).toEqual([]);
    await expectAccessible(page, `pseudo ${name}`);
  }
});

test('in the pseudo-language numbers stand before their units, and names of models end as they are written', async ({
  page,
}) => {
  await speak(page, 'en-XB');
  await page.goto('/');
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await putTranscript(page, { title: TITLE });
  await page.goto('/settings');
  const size = page.getByText(/^\W*[\d.]+ KB\W*$/);
  await expect(size).toBeVisible();
  await expect.poll(() => drawn(size)).toMatch(/^[\d.]+ KB$/);
  await page.goto('/models');
  const name = page.getByRole('heading', { name: 'CAM++' });
  await expect(name).toBeVisible();
  await expect.poll(() => drawn(name)).toBe('CAM++');
});
