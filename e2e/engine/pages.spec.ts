import { expectAccessible, tabTo } from '../fixtures/accessibility';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';

test('the start page with jobs, failures and a library is accessible', async ({
  home,
  page,
  tempFiles,
}) => {
  await home.open();
  await home.add(
    audio('speech.flac'),
    tempFiles.write(
      'a very long file name that goes on and on without an end.mp3',
      Buffer.from('x'),
    ),
  );
  await expect(home.link('speech')).toBeVisible();
  await home.add(tempFiles.longSpeech('busy.wav', 600), tempFiles.longSpeech('waiting.wav', 60));
  await expect(home.job('busy.wav')).toBeVisible();
  await home.button('waiting.wav', 'Pause').click();
  await expectAccessible(page, 'busy');
});

test('a file can be transcribed and read with the keyboard alone; its transcript is accessible', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, 'Choose audio or video files');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(audio('speech.flac'));
  await expect(home.link('speech')).toBeVisible();
  await tabTo(page, 'speech');
  await page.keyboard.press('Enter');
  await expect(transcript.text).toContainText(/heavy rain/i);
  await expect(transcript.play).toBeEnabled();
  await expectAccessible(page, 'transcript');
  await tabTo(page, 'The');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(0.3);
  await expect(transcript.pause).toBeVisible();
});
