import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, freshTest as test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')), serviceWorkers: 'allow' });

test('keeps recording when the network goes down', async ({ page, context }) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.waitForOfflineCopy();
  await recording.start.click();
  await recording.waitForWords();
  await context.setOffline(true);
  const beforeMs = await recording.elapsedMs();
  await recording.waitForLength(beforeMs + 5_000);
  const stored = await recording.finish();
  expect(stored.durationMs).toBeGreaterThan(beforeMs + 4_000);
  await context.setOffline(false);
});
