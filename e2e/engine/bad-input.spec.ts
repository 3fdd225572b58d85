import { audio } from '../fixtures/files';
import { textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('says what is wrong with a file that is not a recording, and transcribes those after it', async ({
  home,
  tempFiles,
}) => {
  await home.open();
  await home.add(
    tempFiles.write('nothing.mp3', Buffer.alloc(0)),
    tempFiles.write('letter.mp3', Buffer.from('Dear all, '.repeat(400))),
    tempFiles.silence('blip.wav', 0.1),
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

test('reports a file that changes while it is being read', async ({ home, page, tempFiles }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined });
  });
  await home.open();
  const path = tempFiles.longSpeech('changing.wav', 1800);
  await home.add(path);
  await expect.poll(() => textOf(page, 'changing')).toMatch(/\w/);
  tempFiles.write('changing.wav', Buffer.from('something else'));
  await expect(home.alert('changing.wav')).toContainText('moved, changed');
});

test('refuses a model whose bytes were altered', async ({ home, context }) => {
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
