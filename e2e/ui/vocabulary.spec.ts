import { expect, test } from '../fixtures/test';

/**
 * Spellings that nobody uses, of words that are in the recording (weather, coast, home, heavy
 * rain): read aloud they are the same. Which of them wins over the real word is the model's affair.
 */
const _INVENTED = ['Wetherr', 'Koast', 'Hoam', 'Hevvy Raynne'];

test('cleans up a pasted list, says what is wrong with it, clears and restores it; number style can be chosen', async ({
  page,
}) => {
  await page.goto('/settings');
  const list = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await expect(list).toBeEditable();
  await list.fill('- Kubernetes, Anna Schmidt\n\nkubernetes\none two three four five six');
  await expect(page.getByText('2 of 500 entries', { exact: true })).toBeVisible();
  await expect(page.getByText(/Line 4, .* has more than 5 words/)).toBeVisible();

  await list.fill('- Kubernetes, Anna Schmidt\n\nkubernetes\n');
  await list.blur();
  await expect(list).toHaveValue('Kubernetes\nAnna Schmidt');
  await expect(page.getByText(/has more than/)).toBeHidden();

  await page.getByRole('button', { name: 'Clear list' }).press('Enter');
  await expect(list).toHaveValue('');
  await expect(list).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(list).toHaveValue('Kubernetes\nAnna Schmidt');
  const numbers = page.getByRole('combobox', { name: 'Write numbers' });
  await numbers.selectOption('In digits');
  await page.reload();
  await expect(list).toHaveValue('Kubernetes\nAnna Schmidt');
  await expect(numbers).toHaveValue('figures');
});

test('keeps a list that was left at once, by a press or with the page', async ({ page }) => {
  const list = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await page.goto('/settings');
  for (let round = 0; round < 10; round++) {
    const name = `Schmidt${'x'.repeat(round)}`;
    await list.fill(name);
    if (round % 2 === 0) await list.blur();
    await page.goto('/settings');
    await expect(list).toHaveValue(name);
  }
});

test('reads a list that Excel saved', async ({ page }) => {
  await page.goto('/settings');
  const list = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await expect(list).toBeEditable();
  // Windows-1252
  const buffer = Buffer.from('M\u00fcller;\u00c9mile\r\n', 'latin1');
  const file = { name: 'names.csv', mimeType: 'text/csv', buffer };
  await page.getByLabel('Import list').setInputFiles(file);
  await expect(list).toHaveValue('Müller\nÉmile');
});
