import { readFileSync } from 'node:fs';
import { audio } from '../fixtures/files';
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
