import { expectAccessible, tabTo } from '../fixtures/accessibility';
import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

test.use({ launchOptions: withMicrophone(audio('speech.wav')) });

test('a recording can be made with the keyboard alone, and each state of its page is accessible', async ({
  page,
  transcript,
}) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await expectAccessible(page, 'before the start');
  await tabTo(page, 'Start recording');
  await page.keyboard.press('Enter');
  await recording.waitForWords();
  // the button that was pressed is gone: the next Tab is at what took its place
  await page.keyboard.press('Tab');
  await expect(recording.pause).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(recording.resume).toBeFocused();
  await expectAccessible(page, 'paused');
  const pausedMs = await recording.elapsedMs();
  await page.keyboard.press('p');
  await recording.waitForLength(pausedMs + 1_000);
  await tabTo(page, 'Mark this moment');
  await page.keyboard.press('Enter');
  await page.keyboard.press('m');
  await expect(page.getByText('2 marks')).toBeVisible();
  await expectAccessible(page, 'recording with marks');
  await tabTo(page, 'Stop recording');
  await page.keyboard.press('Enter');
  // neither the first words, said while the model still loads, nor those at the pause, which may be cut
  await expect(transcript.text).toContainText(/reach the coast before noon/i);
  await expectAccessible(page, 'transcript with marks');
  const mark = page.getByRole('button', { name: /^Bookmark 2 at/ });
  await tabTo(page, (await mark.getAttribute('aria-label')) ?? '');
  await page.keyboard.press('Enter');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(2);
});

test('on a phone, what is shown as icons is in one row, in German too', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('ai2text:language', 'de'));
  await page.setViewportSize({ width: 360, height: 740 });
  await new RecordingPage(page).open();
  await page.getByRole('button', { name: 'Aufnahme starten' }).click();
  const buttons = ['Stelle markieren', 'Untertitel', 'Live teilen'].map((name) =>
    page.getByRole('button', { name, exact: true }),
  );
  for (const button of buttons) await button.waitFor();
  const rows = async () => {
    const boxes = await Promise.all(buttons.map((button) => button.boundingBox()));
    return new Set(boxes.map((box) => box?.y)).size;
  };
  await expect.poll(rows).toBe(1);
});
