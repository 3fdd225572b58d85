import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { killProcessesOf } from '../fixtures/kill';
import { saveData } from '../fixtures/save-data';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { HomePage } from '../pages/home';
import { RecordingPage, SPOKEN } from '../pages/recording';

const microphone = withMicrophone(audio('speech.wav'));

const only = async (page: Page) => (await readTranscripts(page))[0];

test.use({ launchOptions: microphone });

test('shows words while they are spoken, and replaces them in the final pass', async ({
  page,
  home,
  transcript,
}) => {
  const recording = new RecordingPage(page);
  await home.open();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Microphone', exact: true })).toBeChecked();
  await recording.start.click();
  await recording.waitForWords();
  const beforeMs = await recording.elapsedMs();
  await page.keyboard.press('m');
  const afterMs = await recording.elapsedMs();
  await recording.waitForLength(12_000);
  const elapsedMs = await recording.elapsedMs();
  const stored = await recording.finish();
  expect(stored.media).toBe('kept');
  expect(stored.source.mediaType).toMatch(/^audio\/webm/);
  expect(Math.abs(stored.durationMs - elapsedMs)).toBeLessThan(1_500);
  expect(stored.marks).toHaveLength(1);
  const markedMs = stored.marks?.[0]?.atMs ?? 0;
  expect(markedMs).toBeGreaterThan(beforeMs - 500);
  expect(markedMs).toBeLessThan(afterMs + 500);
  expect(stored.capture).toMatchObject({ ended: 'stopped', droppedMs: 0, gaps: 0 });
  const words = stored.segments.flatMap((segment) => segment.words);
  expect(words.map(({ text }) => text).join(' ')).toMatch(SPOKEN);
  expect(words.every(({ startMs, endMs }) => startMs < endMs)).toBe(true);

  // its page opens by itself; it can be played and sought in, and says how the sound came in
  await expect(page).toHaveURL(new RegExp(`/transcripts/${stored.id}`));
  await expect(transcript.text).toContainText(SPOKEN);
  await expect
    .poll(() => transcript.media.evaluate((media: HTMLMediaElement) => media.duration * 1000))
    .toBeGreaterThan(elapsedMs - 1_500);
  await page.getByRole('button', { name: /^Bookmark 1 at 0:/ }).click();
  await expect
    .poll(async () => Math.abs((await transcript.currentTime()) * 1000 - markedMs))
    .toBeLessThan(600);
  await expect(page.getByText(/^Recorded from .* kHz, no sound was dropped/)).toBeVisible();
});

test('another tab recovers the recording of a tab that crashed', async ({ page, context }) => {
  const other = await context.newPage();
  const home = new HomePage(other);
  await home.open();
  const recording = new RecordingPage(page);
  await recording.open();
  await recording.start.click();
  await recording.waitForLength(5_000);
  const elapsedMs = await recording.elapsedMs();
  const crashed = page.waitForEvent('crash');
  void page.goto('chrome://crash').catch(() => undefined); // it never comes to an end
  await crashed;
  await expect(home.transcripts.getByRole('link')).toHaveCount(1);
  const stored = await only(other);
  expect(stored?.capture?.ended).toBe('crashed');
  expect(stored?.durationMs).toBeGreaterThan(elapsedMs - 2_000);
});

test('loses at most the last two seconds of a recording when the browser is killed', async ({
  baseURL,
}) => {
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-profile-'));
  const start = async () => {
    const context = await chromium.launchPersistentContext(profile, {
      ...microphone,
      baseURL: baseURL ?? '',
    });
    await saveData(context);
    return context;
  };
  const pageOf = async (context: BrowserContext) => context.pages()[0] ?? (await context.newPage());
  try {
    const first = await start();
    const recording = new RecordingPage(await pageOf(first));
    await recording.open();
    await recording.start.click();
    // SPOKEN ends at the seventh second, and the last two may be lost
    await recording.waitForLength(10_000);
    const elapsedMs = await recording.elapsedMs();
    killProcessesOf(profile);
    await first.close().catch(() => undefined); // it is gone already

    const second = await start();
    const page = await pageOf(second);
    const home = new HomePage(page);
    await home.open();
    await expect(home.transcripts.getByRole('link')).toHaveCount(1);
    const stored = await only(page);
    expect(stored?.state).toBe('complete');
    expect(stored?.durationMs).toBeGreaterThan(elapsedMs - 2_000);
    expect(stored?.capture?.ended).toBe('crashed');
    expect(stored?.segments.map(({ text }) => text).join(' ')).toMatch(SPOKEN);
    await page.goto(`/transcripts/${stored?.id}`);
    const player = page.getByLabel('Recording', { exact: true });
    const soughtMs = await player.evaluate(async (element: HTMLAudioElement) => {
      await new Promise((resolve) => {
        element.addEventListener('seeked', resolve, { once: true });
        element.currentTime = 5;
      });
      return { atMs: element.currentTime * 1000, durationMs: element.duration * 1000 };
    });
    expect(soughtMs.atMs).toBeCloseTo(5_000, -1);
    expect(soughtMs.durationMs).toBeGreaterThan(elapsedMs - 2_000);
    await second.close();
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
