import type { Page } from '@playwright/test';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

const microphone = withMicrophone(audio('speech.wav'));

const _only = async (page: Page) => (await readTranscripts(page))[0];

test.use({ launchOptions: microphone });

test('keeps recording and transcribing while the page is in the background', async ({
  page,
  context,
}) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForWords();
  const other = await context.newPage();
  await other.bringToFront();
  const beforeMs = await recording.elapsedMs();
  const before = await recording.text();
  await recording.waitForLength(beforeMs + 6_000);
  expect((await recording.text()).length).toBeGreaterThan(before.length + 10);
  await page.bringToFront();
  await other.close();
  expect((await recording.finish()).capture).toMatchObject({ droppedMs: 0, gaps: 0 });
});

test('does not record while paused, and continues the text after resuming', async ({ page }) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForWords();
  await recording.pause.click();
  const pausedMs = await recording.elapsedMs();
  // what was open is settled
  await expect(recording.live.locator('[data-partial]')).toHaveCount(0);
  const before = await recording.text();
  // as long as a real pause: what is recorded in it would be seen
  const waitedFrom = Date.now();
  await expect.poll(() => Date.now() - waitedFrom).toBeGreaterThan(3_000);
  expect(await recording.elapsedMs()).toBeLessThan(pausedMs + 200);
  await recording.resume.click();
  await recording.waitForLength(pausedMs + 6_000);
  expect((await recording.text()).length).toBeGreaterThan(before.length + 10);
  const elapsedMs = await recording.elapsedMs();
  const stored = await recording.finish();
  expect(Math.abs(stored.durationMs - elapsedMs)).toBeLessThan(1_500);
  expect(stored.capture?.pauses).toBe(1);
});
