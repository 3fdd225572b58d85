import { withMicrophone } from '../fixtures/chromium';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';
import { RecordingPage } from '../pages/recording';

// not the browser's own beeps: Draft sometimes hears a word in them
test.use({ launchOptions: withMicrophone(audio('silence.wav')) });

test('shows a recording in the tab’s title and after a reload, and reports its end once', async ({
  page,
}) => {
  const recording = new RecordingPage(page);
  await recording.open();
  await expect(page).toHaveTitle('Record · AI2Text');
  await recording.start.click();
  await expect(page).toHaveTitle('● Recording · Record · AI2Text');
  await recording.waitForLength(2_500);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page).toHaveTitle('Record · AI2Text');
  await expect(page.getByText(/ended when this page was closed or reloaded/)).toBeVisible();
  const link = page.getByRole('link', { name: 'Open recording' });
  await expect(link).toHaveAttribute('href', /^\/transcripts\//);

  await recording.start.click();
  await recording.waitForLength(1_500);
  await expect(page.getByText(/ended when this page was closed/)).toBeHidden();
  await recording.stop.click();
  const problem = page.getByRole('alert').filter({ hasText: 'No speech found' });
  await expect(problem).toHaveCount(1);
  await expect(page.getByText(/now being transcribed/)).toBeHidden();
  await expect(link).toBeVisible();
  await expect(page).toHaveTitle('Record · AI2Text');
});
