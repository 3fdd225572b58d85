import { readFileSync } from 'node:fs';
import { audio } from '../fixtures/files';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { silentThenSpoken } from '../fixtures/tracks';
import { TranscriptPage } from '../pages/transcript';

/** The last word of the recording. */
const spoken = /(\w+)\W*$/.exec(readFileSync(audio('second.txt'), 'utf8'))?.[1] ?? '';

test('transcribes the audio track with speech; another can be chosen', async ({ home, page }) => {
  await home.open();
  const buffer = await silentThenSpoken('second.mp3');
  await home.add({ name: 'film.mkv', mimeType: 'video/x-matroska', buffer });
  await home.link('film').click();
  const { text } = new TranscriptPage(page);
  const tracks = page.getByRole('combobox', { name: 'Audio track' });
  await expect(text).toContainText(spoken);
  await expect(tracks).toHaveValue('1');
  await expect(tracks.locator('option')).toHaveText([
    'Track 1 · French',
    'Track 2 · The film · English',
    'Each track, as a speaker',
  ]);

  // the text that is there is not given up without asking
  await tracks.selectOption('0');
  const dialog = page.getByRole('dialog', { name: 'Transcribe another audio track?' });
  await dialog.getByRole('button', { name: 'Keep this text' }).click();
  await expect(text).toContainText(spoken);
  await tracks.selectOption('0');
  await dialog.getByRole('button', { name: 'Transcribe track 1' }).click();
  await expect(page.getByText('on track 1 of 2 (mono); all of it is silence.')).toBeVisible();
  await expect(text).toBeEmpty();

  await tracks.selectOption('1');
  await expect(text).toContainText(spoken);
  await expect(tracks).toHaveValue('1');
});

test('makes one recording of two files, with a speaker in each', async ({ home, page }) => {
  await home.open();
  await home.add(audio('speech.wav'), audio('second.mp3'));
  const offer = page.getByRole('region', { name: 'One recording of several files' });
  await offer.getByRole('button', { name: 'As one recording…' }).click();
  const dialog = page.getByRole('dialog', { name: 'One recording of several files' });
  await dialog.getByLabel('Speaker in speech.wav').fill('Ann');
  await expect(dialog.getByLabel('Speaker in second.mp3')).toHaveValue('second');
  await dialog.getByLabel('Starts at, in seconds').nth(1).fill('13.5');
  await dialog.getByRole('button', { name: 'Transcribe as one' }).click();
  await expect(offer).toHaveCount(0);
  await home.link('speech + second').click();

  const { text } = new TranscriptPage(page);
  await expect(text).toContainText(spoken);
  const [stored, ...others] = (await readTranscripts(page)).filter(
    ({ title }) => title === 'speech + second',
  );
  expect(others).toEqual([]);
  const rows = stored?.segments ?? [];
  // in the order in which it is said, each with its speaker; a segment begins a little before its speech
  expect(rows.map(({ speakerId }) => speakerId)).toEqual(
    rows.map(({ startMs }) => (startMs < 13_000 ? 's1' : 's2')),
  );
  expect(rows.at(0)?.speakerId).toBe('s1');
  expect(rows.at(-1)?.speakerId).toBe('s2');
  await expect(page.getByRole('button', { name: 'Speaker: Ann. Change' }).first()).toBeVisible();

  // both are heard: what plays is as long as the two together
  const recording = page.getByLabel('Recording', { exact: true });
  await expect
    .poll(() => recording.evaluate((element: HTMLAudioElement) => element.duration))
    .toBeGreaterThan(17);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect
    .poll(() => recording.evaluate((element: HTMLAudioElement) => element.currentTime))
    .toBeGreaterThan(0.3);
});
