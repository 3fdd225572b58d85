import { webGpuLaunchOptions } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { readBackendChoice, readTranscripts, textOf } from '../fixtures/store';
import { expect, freshTest as test } from '../fixtures/test';

test.use({ launchOptions: webGpuLaunchOptions });

test('shows in the settings which backend is used, why, and how long each took', async ({
  home,
  page,
}) => {
  await home.open();
  await home.add(audio('second.mp3'));
  await expect(home.link('second')).toBeVisible();
  // the GPU is tried beside the work, and a first start of its process may take longer than that
  await expect.poll(() => readBackendChoice(page), { timeout: 60_000 }).toBeDefined();
  await page.goto('/settings');
  await expect(page.getByLabel('Backend')).toHaveValue('auto');
  await expect(page.getByText(/software adapter/i).first()).toBeVisible();
  await expect(page.getByText(/small and quick/i).first()).toBeVisible();
});

test('gives the same words on webgpu as on wasm, and falls back to wasm when the GPU is lost', async ({
  home,
  page,
  browser,
  tempFiles,
}) => {
  await home.open();
  await home.add(audio('speech.flac'));
  await expect(home.link('speech')).toBeVisible();
  const onWasm = await textOf(page, 'speech');

  await page.goto('/settings');
  await page.getByLabel('Backend').selectOption('webgpu');
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect
    .poll(async () => (await readBackendChoice(page))?.trials, { timeout: 150_000 })
    .toContainEqual(expect.objectContaining({ backend: 'webgpu', outcome: 'right' }));
  await home.open();
  await home.add(audio('speech.m4a'));
  await expect(home.transcripts.getByRole('link')).toHaveCount(2, { timeout: 120_000 });
  const onGpu = (await readTranscripts(page)).find(({ source }) => source.name === 'speech.m4a');
  expect(onGpu?.model?.backend).toBe('webgpu');

  await home.add(tempFiles.longSpeech('lost.wav', 120));
  await expect.poll(() => textOf(page, 'lost'), { timeout: 100_000 }).toMatch(/\w/);
  const devtools = await browser.newBrowserCDPSession();
  // the answer never comes: the process that would give it is gone
  devtools.send('Browser.crashGpuProcess').catch(() => undefined);
  await expect(home.link('lost')).toBeVisible({ timeout: 100_000 });
  const lost = (await readTranscripts(page)).find(({ title }) => title === 'lost');
  expect(lost?.model?.backend).toBe('wasm');
  const starts = lost?.segments.map(({ startMs }) => startMs) ?? [];
  expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  // the sentence is spoken eleven times; none is missing and none is there twice
  const counted = (await textOf(page, 'lost')).match(/nobody/gi)?.length ?? 0;
  expect(counted).toBeGreaterThanOrEqual(10);
  expect(counted).toBeLessThanOrEqual(11);
  expect(onWasm).toMatch(/heavy rain/i);
});
