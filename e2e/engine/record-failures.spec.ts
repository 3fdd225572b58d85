import type { Page } from '@playwright/test';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')) });

/**
 * Fake devices cannot be unplugged or muted: `sendToTrack(event)` in the page sends their tracks the events that the
 * browser would.
 */
async function withTrackEvents(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const ask = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      const stream = await ask(constraints);
      Object.assign(globalThis, {
        sendToTrack: (event: string) => {
          for (const track of stream.getTracks()) {
            if (event === 'ended') track.stop();
            track.dispatchEvent(new Event(event));
          }
        },
      });
      return stream;
    };
  });
}

const tell = (page: Page, event: 'ended' | 'mute' | 'unmute') =>
  page.evaluate(
    (name) => (globalThis as unknown as { sendToTrack(name: string): void }).sendToTrack(name),
    event,
  );

test('says when a microphone is muted or unplugged, and keeps what was recorded', async ({
  page,
}) => {
  await withTrackEvents(page);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForLength(1_000);
  await tell(page, 'mute');
  await expect(page.getByText('The microphone is muted')).toBeVisible();
  await tell(page, 'unmute');
  await expect(page.getByText('The microphone is muted')).toBeHidden();
  await recording.waitForLength(3_000);
  await tell(page, 'ended');
  await expect(page.getByText('The microphone is gone')).toBeVisible();
  const lostMs = await recording.elapsedMs();
  // another one can be chosen
  await page.getByLabel('Input device').selectOption({ label: 'Fake Audio Input 2' });
  await recording.resume.click();
  await recording.waitForLength(lostMs + 2_000);
  await expect(page.getByText('The microphone is gone')).toBeHidden();
  const stored = await recording.finish();
  expect(stored.durationMs).toBeGreaterThan(lostMs + 1_500);
  expect(stored.capture?.inputs).toContain('Fake Audio Input 2');
});

test('can stop and keep a recording whose only input is gone', async ({ page }) => {
  await withTrackEvents(page);
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForLength(3_000);
  await tell(page, 'ended');
  const stored = await recording.finish();
  expect(stored.durationMs).toBeGreaterThan(1_500);
  await expect(page.getByText('The recording ended when its input was lost.')).toBeVisible();
});
