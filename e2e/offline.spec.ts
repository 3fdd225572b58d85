import { audio } from './fixtures/files';
import { textOf } from './fixtures/store';
import { expect, test } from './fixtures/test';

test.use({ serviceWorkers: 'allow' });

test('transcribes with the network off once the page has loaded', async ({
  home,
  page,
  context,
}) => {
  await home.open();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await home.add(audio('speech-opus.ogg'));
  await expect(home.link('speech-opus')).toBeVisible();
  expect(await textOf(page, 'speech-opus')).toMatch(/heavy rain/i);
});

test('opens, reads and transcribes any format without a network after the first visit', async ({
  home,
  page,
  context,
  transcript,
}) => {
  await home.open();
  await home.add(audio('speech.flac'));
  await expect(home.link('speech')).toBeVisible();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await context.setOffline(true);
  await page.reload();
  await home.link('speech').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await page.reload();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/');
  // needs ffmpeg, which nothing has asked for until now
  await home.add(audio('speech-ac3.mkv'));
  await expect(home.link('speech-ac3')).toBeVisible();
});
