import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, freshTest as test } from '../fixtures/test';
import { RecordingPage, SPOKEN } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')), serviceWorkers: 'allow' });

test('starts, continues and stops a recording offline', async ({ page, context }) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.waitForOfflineCopy();
  await context.setOffline(true);
  await page.reload();
  await recording.start.click();
  await recording.waitForWords();
  await recording.waitForLength(8_000);
  const stored = await recording.finish();
  expect(stored.segments.map(({ text }) => text).join(' ')).toMatch(SPOKEN);
  await context.setOffline(false);
});
