import { audio } from '../fixtures/files';
import { expect, freshTest as test } from '../fixtures/test';

test.use({ serviceWorkers: 'allow' });

test('opens, reads and transcribes any format offline after the first visit', async ({
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
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'What this page has sent' }).click();
  await expect(page.getByText('Copy of the app for use without a network')).toBeVisible();
  await expect(page.getByText('Every request is explained.')).toBeVisible();
  await home.open();
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
