import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';

test.beforeEach(async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await transcript.edit.click();
});

test('offers to undo what was replaced until something else is done', async ({
  page,
  transcript,
}) => {
  const before = await transcript.segments();
  await page.keyboard.press('Control+h');
  await page.getByRole('searchbox', { name: 'Find in transcript' }).fill('the');
  await page.getByLabel('Whole words').check();
  const replacement = page.getByRole('textbox', { name: 'Replace with' });
  const replaceAll = page.getByRole('button', { name: 'Replace all' });
  const message = page.getByText(/places replaced$/);
  const undo = page.getByRole('main').getByRole('button', { name: 'Undo' });
  await replacement.fill('that');
  await replaceAll.click();
  await page.locator('[data-toaster]').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => transcript.segments()).toEqual(before);

  await replaceAll.click();
  await expect(message).toBeVisible();
  await undo.click();
  await expect.poll(() => transcript.segments()).toEqual(before);
  // well before it would go by itself
  await expect(message).toBeHidden({ timeout: 5_000 });
});

test('leaves text that comes with a picture of itself to the row it is pasted into', async ({
  page,
  transcript,
}) => {
  await transcript.segment(0).focus();
  const isTaken = await transcript.segment(0).evaluate((row) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'Copied words. ');
    clipboardData.items.add(new File(['picture'], 'image.png', { type: 'image/png' }));
    return !row.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  });
  expect(isTaken).toBe(false);
  await expect(page).toHaveURL(/\/transcripts\//);
});
