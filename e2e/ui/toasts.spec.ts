import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';

test('messages are as readable above an open dialog as without one, and cannot be pressed there', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('weather');
  await page.getByRole('button', { name: 'Set a bookmark' }).click();
  const toaster = page.locator('[data-toaster]');
  const message = toaster.locator('p');
  const undo = toaster.getByText('Undo');
  await expect(undo).toBeVisible();
  const looks = await message.screenshot();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect((await message.screenshot()).equals(looks)).toBe(true);
  await expect(undo).toBeHidden();

  await page.keyboard.press('Escape');
  await undo.click();
  await expect(message).toBeHidden();
});
