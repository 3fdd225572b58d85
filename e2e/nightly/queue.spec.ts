import { readFileSync } from 'node:fs';
import { audio } from '../fixtures/files';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('transcribes thirty files dropped at once', async ({ home, page }) => {
  const buffer = readFileSync(audio('second.mp3'));
  await home.open();
  await home.add(
    ...Array.from({ length: 30 }, (_, i) => ({
      name: `clip ${i}.mp3`,
      mimeType: 'audio/mpeg',
      buffer,
    })),
  );
  await expect(home.transcripts.getByRole('link')).toHaveCount(30, { timeout: 150_000 });
  const texts = new Set(
    (await readTranscripts(page)).map(({ segments }) => segments.map(({ text }) => text).join(' ')),
  );
  expect(texts.size).toBe(1);
});

test('removes a cancelled job at once and restores it with Undo', async ({
  home,
  page,
  tempFiles,
}) => {
  await home.open();
  await home.add(tempFiles.longSpeech('long.wav', 600));
  await expect.poll(() => textOf(page, 'long')).toMatch(/\w/);
  await home.button('long.wav', 'Cancel').click();
  await expect(home.card('long.wav')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(home.card('long.wav')).toBeVisible();
  await expect(home.link('long')).toBeVisible({ timeout: 60_000 });
});

test('pauses a job, runs the next one, and resumes where it stopped', async ({
  home,
  page,
  tempFiles,
}) => {
  await home.open();
  await home.add(tempFiles.longSpeech('first.wav', 240), audio('speech.flac'));
  await expect.poll(() => textOf(page, 'first')).toMatch(/\w/);
  await home.button('first.wav', 'Pause').click();
  await expect(home.button('first.wav', 'Resume')).toBeVisible();
  await expect(home.link('speech')).toBeVisible();
  const before = await textOf(page, 'first');
  expect(before.length).toBeGreaterThan(0);
  await expect(home.job('first.wav')).toBeHidden();
  await home.button('first.wav', 'Resume').click();
  await expect(home.link('first')).toBeVisible({ timeout: 60_000 });
  expect(await textOf(page, 'first')).toContain(before);
});
