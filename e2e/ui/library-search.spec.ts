import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';

test('finds words in the library', async ({ home, page }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await expect(home.link('speech')).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search transcripts' });
  await search.fill('boats');
  await expect(home.link('speech')).toBeVisible();
  await search.fill('elephant');
  await expect(home.link('speech')).toBeHidden();
  await search.fill('');
  await expect(home.link('speech')).toBeVisible();
});
