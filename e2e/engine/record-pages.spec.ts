import { withSpeech } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expectSound, tabTo } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';
import { RecordingPage, SPOKEN } from '../pages/recording';

test.use({ launchOptions: withSpeech(audio('speech.wav')) });

test('the page that records, in each of its states, and the marks beside the transcript', async ({
  page,
  transcript,
}) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await expectSound(page, 'before the start');
  await recording.start.click();
  await recording.waitForWords();
  await page.keyboard.press('m');
  await expectSound(page, 'recording');
  await recording.pause.click();
  await expectSound(page, 'paused');
  await recording.finish();
  await expect(transcript.text).toContainText(SPOKEN);
  await expect(page.getByRole('region', { name: 'Marks' })).toBeVisible();
  await expectSound(page, 'transcript with marks');
});

test('everything from the start to the end of a recording can be done by keyboard', async ({
  page,
  transcript,
}) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await tabTo(page, 'Start recording');
  await page.keyboard.press('Enter');
  await recording.waitForWords();
  // the button that was pressed is gone: the next Tab is at what took its place
  await page.keyboard.press('Tab');
  await expect(recording.pause).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(recording.resume).toBeFocused();
  const pausedMs = await recording.elapsedMs();
  await page.keyboard.press('p');
  await recording.waitForLength(pausedMs + 1_000);
  await tabTo(page, 'Mark this moment');
  await page.keyboard.press('Enter');
  await page.keyboard.press('m');
  await expect(page.getByText('2 marks')).toBeVisible();
  await tabTo(page, 'Stop recording');
  await page.keyboard.press('Enter');
  await expect(transcript.text).toContainText(SPOKEN, { timeout: 40_000 });
  const mark = page.getByRole('button', { name: /^Mark 2 at/ });
  await tabTo(page, (await mark.getAttribute('aria-label')) ?? '');
  await page.keyboard.press('Enter');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(2);
});
