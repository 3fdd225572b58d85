import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test('the keyboard alone reaches everything, and comes back to where it was', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').press('Enter');
  await expect(transcript.text).toContainText('weather');
  const [all = ''] = await transcript.segments();
  const text = transcript.segment(0);
  // from a word, with the keys of words, to the caret in its place
  await transcript.text.getByRole('button', { name: 'The', exact: true }).focus();
  for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('e');
  await expect(text).toBeFocused();
  await page.keyboard.type('more ');
  const longer = all.replace('often', 'more often');
  await expect(text).toHaveText(longer);
  // on with Tab: what is stored and drawn afterwards does not take the focus back
  await page.keyboard.press('Tab');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect.poll(async () => (await readTranscripts(page))[0]?.segments[0]?.text).toBe(longer);
  await expect(page.getByRole('slider', { name: 'Position' })).toBeFocused();

  // Find, from the caret and back to it, with Escape on any of its controls
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < 'The '.length; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+h');
  await page.keyboard.type('rain');
  const replacement = page.getByRole('textbox', { name: 'Replace with' });
  for (let step = 0; step < 5; step++) await page.keyboard.press('Tab');
  await expect(replacement).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(replacement).toBeHidden();
  await expect(text).toBeFocused();
  await page.keyboard.type('fair ');
  await expect(text).toHaveText(longer.replace('weather', 'fair weather'));

  // Undo pressed again and again is no Enter in the text
  const undo = page.getByRole('button', { name: 'Undo' });
  const label = page.getByRole('button', { name: 'Speaker: Speaker 1. Change' });
  await page.keyboard.press('Alt+Digit1');
  await expect(label).toBeVisible();
  await undo.press('Enter');
  await expect(label).toBeHidden();
  await expect(undo).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(text).toHaveText(all);
  await expect(text).toBeFocused();
  expect(await transcript.segments()).toHaveLength(1);

  // the review: left, and walked to its end as fast as keys are pressed
  const doubtful = page.getByRole('button', { name: /to check$/ });
  const review = page.getByRole('region', { name: 'Doubtful words' });
  await doubtful.press('Enter');
  await expect(review.getByRole('textbox', { name: 'What was said' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(review).toBeHidden();
  await expect(doubtful).toBeFocused();
  const count = Number.parseInt((await doubtful.textContent()) ?? '', 10);
  await page.keyboard.press('Enter');
  const said = review.getByRole('textbox', { name: 'What was said' });
  await expect(said).toBeFocused();
  for (let step = 0; step < count; step++) await page.keyboard.press('Enter');
  await expect(review).toBeHidden();
  await expect(text).toBeFocused();

  // a label that goes with its speaker
  await page.keyboard.press('Alt+Digit1');
  await label.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Nobody' }).press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(text).toBeFocused();

  await transcript.more('Changes');
  await page.getByRole('button', { name: 'Back to the text' }).press('Enter');
  await expect(page.getByRole('button', { name: 'More', exact: true })).toBeFocused();
});
