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

test('messages cover no item of a menu and no part of a dialog on a phone', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('weather');
  await page.setViewportSize({ width: 360, height: 740 });
  for (const name of ['Share', 'Export']) {
    await page.getByRole('button', { name: 'Set a bookmark' }).click();
    await page.getByRole('button', { name, exact: true }).click();
    if (name === 'Export') await page.getByRole('menuitem', { name: /options/i }).click();
    const dialog = await page.getByRole('dialog').boundingBox();
    const message = page.locator('[data-toaster] p').first();
    await expect(message, 'is not over by now').toBeVisible({ timeout: 5_000 });
    const bottom = (dialog?.y ?? 0) + (dialog?.height ?? 740);
    expect((await message.boundingBox())?.y, name).toBeGreaterThan(bottom);
    await page.keyboard.press('Escape');
  }
});
