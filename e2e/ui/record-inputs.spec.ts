import { launchOptions } from '../fixtures/chromium';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

// a microphone is there, but the browser asks before a page may have it; a tab is chosen by itself
test.use({
  launchOptions: {
    ...launchOptions,
    // Playwright's own: what a muted browser plays is recorded as silence
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      ...launchOptions.args,
      '--use-fake-device-for-media-stream',
      '--auto-select-tab-capture-source-by-title=Speaking tab',
    ],
  },
});

test('a microphone that may not be used is said plainly', async ({ page, context, baseURL }) => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('Browser.setPermission', {
    origin: new URL(baseURL ?? '').origin,
    permission: { name: 'microphone' },
    setting: 'denied',
  });
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await expect(page.getByRole('alert').filter({ hasText: /microphone/i })).toContainText(
    'may not use the microphone',
  );
  await expect(recording.start).toBeEnabled();
  expect(await readTranscripts(page)).toEqual([]);
});

test('what was chosen is there again the next time', async ({ page, context }) => {
  await context.grantPermissions(['microphone']);
  const recording = new RecordingPage(page);
  await recording.open();
  await page.getByRole('radio', { name: 'Both, mixed' }).check();
  await page.getByLabel('Input device').selectOption({ label: 'Fake Audio Input 2' });
  await page.getByLabel('Echo cancellation').check();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Both, mixed' })).toBeChecked();
  await expect(page.getByLabel('Input device').locator('option:checked')).toHaveText(
    'Fake Audio Input 2',
  );
  await expect(page.getByLabel('Echo cancellation')).toBeChecked();
  await expect(page.getByLabel('Noise suppression')).not.toBeChecked();
});

test('a choice that cannot be stored is said, and what was stored is shown again', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
      if (this.name === 'settings') throw new DOMException('Full.', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  const recording = new RecordingPage(page);
  await recording.open();
  // no `check`: it would wait for a box that stays checked
  await page.getByRole('radio', { name: 'Both, mixed' }).click();
  await expect(page.getByText(/storage.*full/i)).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Microphone', exact: true })).toBeChecked();
});
