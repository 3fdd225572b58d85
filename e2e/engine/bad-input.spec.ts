import { audio } from '../fixtures/files';
import { textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('a file that is no recording says so in its own words, and those behind it are transcribed', async ({
  home,
  workshop,
}) => {
  await home.open();
  await home.add(
    workshop.write('nothing.mp3', Buffer.alloc(0)),
    workshop.write('letter.mp3', Buffer.from('Dear all, '.repeat(400))),
    workshop.silence('blip.wav', 0.1),
    audio('video-only.mp4'),
    audio('second.mp3'),
  );
  await expect(home.link('second')).toBeVisible();
  await expect(home.alert('nothing.mp3')).toContainText('This file is empty.');
  await expect(home.alert('letter.mp3')).toContainText('not a recording that can be read');
  await expect(home.alert('blip.wav')).toContainText('No speech');
  await expect(home.alert('video-only.mp4')).toContainText('This video has no sound.');
  // trying again would change nothing
  await expect(home.button('letter.mp3', 'Retry')).toBeHidden();
  await home.button('letter.mp3', 'Remove').click();
  await expect(home.alert('letter.mp3')).toBeHidden();
});

test('a file that is changed while it is read', async ({ home, page, workshop }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined });
  });
  await home.open();
  const path = workshop.longSpeech('changing.wav', 1800);
  await home.add(path);
  await expect.poll(() => textOf(page, 'changing')).toMatch(/\w/);
  workshop.write('changing.wav', Buffer.from('something else'));
  await expect(home.alert('changing.wav')).toContainText('moved, changed');
});

test('the model was altered', async ({ home, context }) => {
  await context.route('**/models/ai2text-en/model.int8.onnx', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  await home.open();
  await home.add(audio('speech.flac'));
  await expect(home.alert('speech.flac')).toContainText('model');
  await context.unrouteAll();
  await home.button('speech.flac', 'Retry').click();
  await expect(home.link('speech')).toBeVisible();
});
