import { errorRate } from '../../lib/engine/runtime/word-error-rate';
import { scoreTexts } from '../../tools/wer/score';
import { audio, spokenText } from '../fixtures/files';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** Containers and codecs that people have; the first is the uncompressed one. */
const FORMATS = [
  'speech.wav',
  'speech.flac',
  'speech-cbr.mp3',
  'speech-vbr.mp3',
  'speech.m4a',
  'speech.aac',
  'speech-opus.ogg',
  'speech-vorbis.ogg',
  'speech.webm',
  'speech.mp4',
  'speech-alac.m4a',
  'speech-ac3.mkv',
  'speech.aiff',
  'speech.wma',
  'speech.avi',
];

/** The embedded model is rough, and codecs move it: three words in ten may be wrong. */
const MAX_WORD_ERROR_RATE = 0.3;

test('transcribes every format to the words that were spoken', async ({ home, page }) => {
  await home.open();
  await home.add(...FORMATS.map(audio));
  await expect(home.transcripts.getByRole('link')).toHaveCount(FORMATS.length, {
    timeout: 200_000,
  });
  const transcripts = await readTranscripts(page);
  expect(transcripts).toHaveLength(FORMATS.length);
  for (const { segments, durationMs, state, media, source } of transcripts) {
    const text = segments.map((segment) => segment.text).join(' ');
    const wer = errorRate(scoreTexts(spokenText(), text).words);
    expect.soft(wer, `${source.name}: ${text}`).toBeLessThanOrEqual(MAX_WORD_ERROR_RATE);
    // codecs pad the end by a few frames
    expect.soft(Math.abs(durationMs - 11_765), `length of ${source.name}`).toBeLessThan(150);
    expect([state, media]).toEqual(['complete', 'kept']);
  }
});

test('shows text while the file is still being transcribed', async ({ home, page, tempFiles }) => {
  await home.open();
  await home.add(tempFiles.longSpeech('long.wav', 240));
  await expect(home.job('long.wav')).toBeVisible();
  await home.card('long.wav').getByRole('link', { name: 'Read along' }).click();
  const region = page.getByRole('region', { name: 'Transcript' });
  await expect(region).toContainText(/heavy rain/i);
  const early = (await textOf(page, 'long')).length;
  await expect.poll(async () => (await textOf(page, 'long')).length).toBeGreaterThan(early);
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(home.link('long')).toBeVisible({ timeout: 60_000 });
});
