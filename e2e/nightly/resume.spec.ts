import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { killProcessesOf } from '../fixtures/kill';
import { saveData } from '../fixtures/save-data';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { HomePage } from '../pages/home';

const SECONDS = 200;

test('resumes after the browser was killed', async ({ baseURL, tempFiles }) => {
  const profile = mkdtempSync(join(tmpdir(), 'ai2text-profile-'));
  const path = tempFiles.longSpeech('killed.wav', SECONDS);
  const { launchOptions } = test.info().project.use;
  const start = () =>
    chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: baseURL ?? '' });
  const open = async (context: BrowserContext) => {
    await saveData(context);
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
    const { segments = [], durationMs = 0 } =
      (await readTranscripts(after)).find(({ title }) => title === 'killed') ?? {};
    // to the end of the recording, and all the words on the way: 31 in each 11 seconds
    expect(segments.at(-1)?.endMs).toBeGreaterThan(durationMs - 5_000);
    expect(durationMs).toBeGreaterThan((SECONDS - 11) * 1000);
    expect((await textOf(after, 'killed')).split(/\s+/).length).toBeGreaterThan(
      (SECONDS / 12) * 31,
    );
    await second.close();
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
