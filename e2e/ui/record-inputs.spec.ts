import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

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
