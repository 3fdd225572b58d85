import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/** A word that was typed again may begin this much off, in ms. */
const OFF_MS = 150;

test('words that are typed get their times from the sound', async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  const wordsNow = async () => (await readTranscripts(page))[0]?.segments[0]?.words ?? [];
  const before = await wordsNow();
  await home.link('speech').click();
  await transcript.edit.click();
  await transcript.segment(0).focus();
  // the second half is written again, into the time of one long pause and many words
  const texts = before.map(({ text }) => text);
  const half = texts.indexOf('most');
  await page.keyboard.press('Control+End');
  await page.keyboard.down('Shift');
  for (let letter = 0; letter < texts.slice(half).join(' ').length; letter++)
    await page.keyboard.press('ArrowLeft');
  await page.keyboard.up('Shift');
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await wordsNow()).length).toBe(half);
  await page.keyboard.type(texts.slice(half).join(' '));
  const offMs = async () => {
    const now = await wordsNow();
    if (now.length !== before.length) return Number.POSITIVE_INFINITY;
    const off = now.map(({ startMs }, at) => Math.abs(startMs - (before[at]?.startMs ?? 0)));
    return off.sort((a, b) => a - b)[Math.floor(off.length * 0.9)] ?? 0;
  };
  await expect.poll(offMs).toBeLessThan(OFF_MS);
});
