import { audio } from '../fixtures/files';
import { expectSound, tabTo } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

test('the start page with work, failures and a library, and a transcript', async ({
  home,
  page,
  transcript,
  workshop,
}) => {
  await home.open();
  await home.add(
    audio('speech.flac'),
    workshop.write(
      'a very long file name that goes on and on without an end.mp3',
      Buffer.from('x'),
    ),
  );
  await expect(home.link('speech')).toBeVisible();
  await home.add(workshop.longSpeech('busy.wav', 1800), workshop.longSpeech('waiting.wav', 60));
  await expect(home.job('busy.wav')).toBeVisible();
  await home.button('waiting.wav', 'Pause').click();
  await expectSound(page, 'busy');
  await home.link('speech').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await expectSound(page, 'transcript');
});

test('everything on the way from a file to its words can be done by keyboard', async ({
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
  await tabTo(page, 'The');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(0.3);
  await expect(transcript.pause).toBeVisible();
});
