import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';

test('the policy allows every stage of a transcription: WebAssembly, workers, worklets, recordings', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await home.add(audio('speech-ac3.mkv'));
  await home.link('speech-ac3').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause playback' })).toBeVisible();
});
