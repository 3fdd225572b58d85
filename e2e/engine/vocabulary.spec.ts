import { textOf } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

/**
 * Spellings that nobody uses, of words that are in the recording (weather, coast, home, heavy
 * rain): read aloud they are the same. Which of them wins over the real word is the model's affair.
 */
const INVENTED = ['Wetherr', 'Koast', 'Hoam', 'Hevvy Raynne'];

test('writes names of the custom vocabulary as the user writes them', async ({
  home,
  page,
  tempFiles,
}) => {
  const invented = INVENTED.flatMap((entry) => entry.split(' '));
  const found = async (title: string) =>
    (await textOf(page, title)).split(' ').filter((word) => invented.includes(word));
  await home.open();
  await home.add(tempFiles.longSpeech('without.wav', 10));
  await expect(home.link('without')).toBeVisible();
  expect(await found('without')).toEqual([]);

  await page.goto('/settings');
  const list = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await expect(list).toBeEditable();
  await list.fill(INVENTED.join('\n'));
  await expect(page.getByText('4 of 500 entries', { exact: true })).toBeVisible();
  await page.reload();
  await expect(list).toHaveValue(INVENTED.join('\n'));

  await home.open();
  await home.add(tempFiles.longSpeech('with.wav', 10));
  await expect(home.link('with')).toBeVisible();
  expect(await found('with'), await textOf(page, 'with')).not.toEqual([]);
});
