import { ROWS, storeTenHours } from '../../tools/bench/ten-hours';
import { expect, test } from '../fixtures/test';

test('opens, scrolls and searches ten hours of words with few of them in the DOM', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  const id = await storeTenHours(page);
  await page.goto(`/transcripts/${id}`);
  await expect(transcript.text).toContainText('row0');
  const shown = () => transcript.text.getByRole('button').count();
  expect(await shown()).toBeLessThan(3000);

  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect
    .poll(async () => {
      // heights are estimates until rows were seen: the end moves while it comes near
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      return transcript.text.textContent();
    })
    .toContain(`row${ROWS - 1}`);
  expect(await shown()).toBeLessThan(3000);

  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('searchbox', { name: 'Find in transcript' }).fill('row2500');
  await expect(transcript.text.getByText('row2500', { exact: true })).toBeInViewport();
});
