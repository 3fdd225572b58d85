import { expectAccessible } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('makes a copy without a word of the vocabulary and one that was typed, and leaves the original', async ({
  home,
  page,
  transcript,
}) => {
  await page.goto('/settings');
  const vocabulary = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await vocabulary.fill('Pier');
  await vocabulary.blur();
  await home.open();
  await putTranscript(page, { title: 'Talk at the pier', file: 'speech.flac' });
  await home.link('Talk at the pier').click();
  await transcript.edit.click();
  const [all = ''] = await transcript.segments();

  await transcript.more('Redact a copy');
  const dialog = page.getByRole('dialog', { name: 'Redact a copy' });
  await expect(dialog.getByRole('checkbox', { name: 'Pier' })).toBeChecked();
  await dialog.getByRole('textbox', { name: 'In place of Pier' }).fill('[Place]');
  const word = dialog.getByRole('textbox', { name: 'Add a word or phrase' });
  await word.fill('nowhere at all');
  await word.press('Enter');
  await expect(dialog.getByText('This is not in the text.')).toBeVisible();
  await word.fill('heavy rain');
  await word.press('Enter');
  await expect(dialog.getByRole('checkbox', { name: 'heavy rain' })).toBeChecked();
  await expect(dialog.getByRole('textbox', { name: 'Title of the copy' })).toHaveValue(
    'Talk at the [Place] (redacted)',
  );
  await expectAccessible(page, 'redaction');
  await dialog.getByRole('button', { name: 'Make the copy' }).press('Enter');
  await dialog.getByRole('link', { name: 'Open the copy' }).press('Enter');

  await expect(transcript.title).toHaveValue('Talk at the [Place] (redacted)');
  await expect(transcript.text).toContainText('[Redacted 1] would reach');
  await expect(transcript.text).not.toContainText(/pier|heavy rain/i);
  await transcript.play.click();
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(0.2);
  const stored = await readTranscripts(page);
  const original = stored.find(({ title }) => title === 'Talk at the pier');
  expect(original?.segments.map(({ text }) => text).join(' ')).toContain(all);
  const copy = stored.find(({ title }) => title.endsWith('(redacted)'));
  expect(copy).toMatchObject({ media: 'kept', source: { name: 'redacted.m4a' } });
  expect(JSON.stringify(copy)).not.toMatch(/pier|heavy/i);
});
