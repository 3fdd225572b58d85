import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

test('offers the microphone alone where the browser cannot share the audio of a tab, and says so', async ({
  page,
}) => {
  // as browsers of phones are
  await page.addInitScript(() => {
    Object.defineProperty(MediaDevices.prototype, 'getDisplayMedia', { value: undefined });
  });
  const recording = new RecordingPage(page);
  await recording.open();
  await expect(page.getByText(/This browser cannot share the audio of a tab/)).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Input device' })).toBeVisible();
});

test('says when a choice cannot be stored, and shows the stored one again', async ({ page }) => {
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
  await page.getByRole('radio', { name: 'Both, kept apart' }).click();
  await expect(page.getByText(/storage.*full/i)).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Microphone', exact: true })).toBeChecked();
});
