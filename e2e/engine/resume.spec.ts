import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { savesData } from '../fixtures/draft';
import { audio } from '../fixtures/files';
import { killProcessesOf } from '../fixtures/kill';
import { readTranscripts, type StoredTranscript, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { HomePage } from '../pages/home';

const SECONDS = 200;

/** What must be equal in a resumed and in an unbroken run. */
function substance(transcripts: StoredTranscript[], title: string) {
  const { segments = [], durationMs } = transcripts.find((one) => one.title === title) ?? {};
  return {
    durationMs,
    segments: segments.map(({ startMs, endMs, text, words }) => ({ startMs, endMs, text, words })),
  };
}

test('after two reloads in the middle the transcript equals that of an unbroken run', async ({
  home,
  page,
  workshop,
}) => {
  await home.open();
  const path = workshop.longSpeech('whole.wav', SECONDS);
  const again = workshop.longSpeech('broken.wav', SECONDS);
  await home.add(path);
  await expect(home.link('whole')).toBeVisible({ timeout: 60_000 });
  await home.add(again);
  for (let reload = 0; reload < 2; reload++) {
    const before = (await textOf(page, 'broken')).length;
    await expect.poll(async () => (await textOf(page, 'broken')).length).toBeGreaterThan(before);
    await expect
      .poll(async () => (await readTranscripts(page)).find((t) => t.title === 'broken')?.media)
      .toBe('kept');
    expect((await readTranscripts(page)).find((t) => t.title === 'broken')?.state).toBe('partial');
    await page.reload();
  }
  await expect(home.link('broken')).toBeVisible({ timeout: 60_000 });
  const transcripts = await readTranscripts(page);
  const whole = substance(transcripts, 'whole');
  expect(whole.segments.length).toBeGreaterThan(10);
  expect(substance(transcripts, 'broken')).toEqual(whole);
});

test('goes on after the browser was killed', async ({ baseURL, workshop }) => {
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-profile-'));
  const path = workshop.longSpeech('killed.wav', SECONDS);
  const { launchOptions } = test.info().project.use;
  const start = () =>
    chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: baseURL ?? '' });
  const open = async (context: BrowserContext) => {
    await savesData(context);
    const page = context.pages()[0] ?? (await context.newPage());
    const home = new HomePage(page);
    await home.open();
    return { page, home };
  };
  try {
    const first = await start();
    const { page, home } = await open(first);
    await home.add(path);
    await expect
      .poll(async () => (await readTranscripts(page)).find((t) => t.title === 'killed')?.media)
      .toBe('kept');
    await expect.poll(() => textOf(page, 'killed')).toMatch(/\w/);
    const before = await textOf(page, 'killed');
    killProcessesOf(profile);
    await first.close().catch(() => undefined); // it is gone already

    const second = await start();
    const { page: after, home: library } = await open(second);
    await expect(library.link('killed')).toBeVisible({ timeout: 60_000 });
    expect((await textOf(after, 'killed')).startsWith(before)).toBe(true);
    const { segments, durationMs } = substance(await readTranscripts(after), 'killed');
    // to the end of the recording, and all the words on the way: 31 in each 11 seconds
    expect(segments.at(-1)?.endMs).toBeGreaterThan((durationMs ?? 0) - 5_000);
    expect(durationMs).toBeGreaterThan((SECONDS - 11) * 1000);
    expect((await textOf(after, 'killed')).split(/\s+/).length).toBeGreaterThan(
      (SECONDS / 12) * 31,
    );
    await second.close();
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('asks for the file again when the page closed before it was kept', async ({
  home,
  page,
  workshop,
}) => {
  // a browser without private storage: nothing can be kept
  await page.addInitScript(() => {
    Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined });
  });
  await home.open();
  const path = workshop.longSpeech('lost.wav', SECONDS);
  await home.add(path);
  await expect.poll(() => textOf(page, 'lost')).toMatch(/\w/);
  await page.reload();
  await expect(home.alert('lost.wav')).toContainText('Choose it again');
  const kept = await textOf(page, 'lost');

  const wrong = page.waitForEvent('filechooser');
  await home.button('lost.wav', 'Retry').click();
  await (await wrong).setFiles(audio('speech.flac'));
  await expect(home.alert('lost.wav')).toBeVisible();

  const right = page.waitForEvent('filechooser');
  await home.button('lost.wav', 'Retry').click();
  await (await right).setFiles(path);
  await expect(home.link('lost')).toBeVisible({ timeout: 60_000 });
  expect((await textOf(page, 'lost')).startsWith(kept)).toBe(true);
});
