import { readFileSync } from 'node:fs';
import { wavHeader } from '../../lib/engine/audio/wav';
import { audio } from '../fixtures/files';
import { readTranscripts, textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('reports an mp4 that was cut off before its index', async ({ home, tempFiles }) => {
  const whole = readFileSync(audio('speech.mp4'));
  const moov = whole.indexOf('moov', 0, 'latin1');
  const mdat = whole.indexOf('mdat', 0, 'latin1');
  // the index may lie before or after the media: what is left has the media and no index
  const cut =
    moov > mdat
      ? whole.subarray(0, moov - 4)
      : Buffer.concat([whole.subarray(0, moov - 4), whole.subarray(mdat - 4)]);
  await home.open();
  await home.add(tempFiles.write('cut.mp4', cut));
  await expect(home.alert('cut.mp4')).toContainText('incomplete');
});

test('transcribes the rest of an mp3 with garbage in the middle and reports the gap', async ({
  home,
  page,
  tempFiles,
}) => {
  const whole = readFileSync(audio('speech-cbr.mp3'));
  const damaged = Buffer.from(whole);
  const from = Math.floor(whole.length * 0.45);
  for (let at = from; at < from + whole.length * 0.12; at++) damaged[at] = (at * 7919 + 13) & 0x7f;
  await home.open();
  await home.add(tempFiles.write('damaged.mp3', damaged));
  await expect(home.link('damaged')).toBeVisible();
  const [transcript] = await readTranscripts(page);
  expect(transcript?.notices.map((notice) => notice.kind)).toContain('gap');
  expect(await textOf(page, 'damaged')).toMatch(/heavy rain/i);
  expect(await textOf(page, 'damaged')).toMatch(/leave/i);
  await home.link('damaged').click();
  await expect(page.getByText(/could not be read/i)).toBeVisible();
  await page.goBack();
});

test('finds no words in an hour of silence', async ({ home, tempFiles }) => {
  await home.open();
  await home.add(tempFiles.silence('silence.wav', 3600));
  await expect(home.job('silence.wav')).toBeVisible();
  await expect(home.alert('silence.wav')).toContainText('No speech', { timeout: 80_000 });
});

test('transcribes eight channels at 192 kHz', async ({ home, page, tempFiles }) => {
  const speech = readFileSync(audio('speech.wav')).subarray(44);
  const seconds = 6;
  const frames = seconds * 192_000;
  const data = Buffer.alloc(frames * 16);
  for (let frame = 0; frame < frames; frame++) {
    // every sample twelve times: 16 kHz to 192 kHz; the voice is on two of the channels
    const at = Math.floor(frame / 12) * 2;
    const sample = at + 1 < speech.length ? speech.readInt16LE(at) : 0;
    data.writeInt16LE(sample, frame * 16);
    data.writeInt16LE(sample, frame * 16 + 2);
  }
  const header = wavHeader(data.length, { rateHz: 192_000, channels: 8 });
  await home.open();
  await home.add(tempFiles.write('wide.wav', Buffer.concat([header, data])));
  await expect(home.link('wide')).toBeVisible();
  expect(await textOf(page, 'wide')).toMatch(/heavy rain/i);
});

test('reports a file that is deleted while it is being read', async ({ home, page, tempFiles }) => {
  // kept nowhere, so that the file itself is what is read
  await page.addInitScript(() => {
    Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined });
  });
  await home.open();
  const path = tempFiles.longSpeech('leaving.wav', 1800);
  await home.add(path);
  await expect.poll(() => textOf(page, 'leaving')).toMatch(/\w/);
  tempFiles.remove(path);
  // a browser that has the file open may read it to the end; else it says what happened
  await expect(home.link('leaving').or(home.alert('leaving.wav'))).toBeVisible({ timeout: 80_000 });
  if (await home.alert('leaving.wav').isVisible()) {
    await expect(home.alert('leaving.wav')).toContainText('moved, changed');
    await expect(home.card('leaving.wav').getByRole('link', { name: 'Read along' })).toBeVisible();
  }
  expect(await textOf(page, 'leaving')).toMatch(/heavy rain/i);
});

test('transcribes once a missing model is available again', async ({ home, context, page }) => {
  await context.route('**/models/ai2text-en/model.int8.onnx', (route) =>
    route.fulfill({ status: 404 }),
  );
  await home.open();
  await home.add(audio('speech.flac'));
  await expect(home.alert('speech.flac')).toContainText('model');
  await context.unroute('**/models/ai2text-en/model.int8.onnx');
  await home.button('speech.flac', 'Retry').click();
  await expect(home.link('speech')).toBeVisible();
  expect(await textOf(page, 'speech')).toMatch(/heavy rain/i);
});
