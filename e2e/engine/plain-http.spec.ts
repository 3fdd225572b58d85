import { launchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { textOf } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';
import { HomePage } from '../pages/home';

// a name that is not localhost: browsers give such a page no isolation, no WebCodecs, no locks and
// no private storage, as when another machine is visited over plain http
const HOST = 'recorder.test';

test.use({
  launchOptions: {
    ...launchOptions,
    args: [...launchOptions.args, `--host-resolver-rules=MAP ${HOST} localhost`],
  },
  baseURL: `http://${HOST}:${process.env.E2E_PORT ?? 3210}`,
});

test('works over plain HTTP with one thread, and says what cannot be stored', async ({
  page,
  transcript,
}) => {
  const home = new HomePage(page);
  await home.open();
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([false, false]);
  await home.add(audio('speech.m4a'));
  await expect(home.link('speech')).toBeVisible();
  expect(await textOf(page, 'speech')).toMatch(/heavy rain/i);
  await home.link('speech').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await expect(page.getByText(/not kept/i)).toBeVisible();
  // a text is corrected there, too
  const [all = ''] = await transcript.segments();
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Well, ');
  await page.keyboard.press('Enter');
  await expect(transcript.segment(1)).toBeFocused();
  await expect.poll(() => textOf(page, 'speech')).toBe(`Well, ${all}`);
  // sharing needs a secure page, and says so to who shares and to who reads
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Share' })).toContainText(/only on pages .* https/);
  await page.goto('/s/AAECAwQFBgcICQoLDA0ODw#k=Dw4NDAsKCQgHBgUEAwIBAA');
  await expect(page.getByRole('heading', { name: /needs a secure connection/ })).toBeVisible();
});
