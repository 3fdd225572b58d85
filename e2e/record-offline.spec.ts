import type { Page } from '@playwright/test';
import { withSpeech } from './fixtures/chromium';
import { audio } from './fixtures/files';
import { expect, test } from './fixtures/test';
import { RecordingPage, SPOKEN } from './pages/recording';

test.use({ launchOptions: withSpeech(audio('speech.wav')), serviceWorkers: 'allow' });

/** The app's files are kept for later. */
async function waitForOfflineCopy(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
}

test('begins, goes on and ends without a network', async ({ page, context }) => {
  test.setTimeout(180_000);
  const recording = new RecordingPage(page);
  await recording.open();
  await waitForOfflineCopy(page);
  await context.setOffline(true);
  await page.reload();
  await recording.start.click();
  await recording.waitForWords();
  await recording.waitForLength(8_000);
  const stored = await recording.finish();
  expect(stored.segments.map(({ text }) => text).join(' ')).toMatch(SPOKEN);
  await context.setOffline(false);
});

test('does not notice that the network goes while it records', async ({ page, context }) => {
  test.setTimeout(180_000);
  const recording = new RecordingPage(page);
  await recording.open();
  await waitForOfflineCopy(page);
  await recording.start.click();
  await recording.waitForWords();
  await context.setOffline(true);
  const beforeMs = await recording.elapsedMs();
  await recording.waitForLength(beforeMs + 5_000);
  const stored = await recording.finish();
  expect(stored.durationMs).toBeGreaterThan(beforeMs + 4_000);
  await context.setOffline(false);
});
