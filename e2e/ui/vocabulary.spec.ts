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

/** What keeps a page from storing its list. */
interface Held {
  held: { isHeld: boolean; done: Promise<void> };
}

test('is not said to be saved while more has been typed than was stored', async ({ page }) => {
  // the list is being stored until this is let go
  await page.addInitScript(() => {
    const held = { isHeld: false, done: Promise.resolve() };
    Object.assign(window, { held });
    let isFirst = true;
    const { put } = IDBObjectStore.prototype;
    IDBTransaction.prototype.commit = () => undefined;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      if (args[0].name === 'vocabulary' && isFirst) {
        isFirst = false;
        held.isHeld = true;
        held.done = new Promise((resolve) => {
          this.transaction.oncomplete = () => resolve();
        });
        const again = () => {
          if (held.isHeld) this.count().onsuccess = again;
        };
        again();
      }
      return request;
    };
  });
  await page.goto('/settings');
  const list = page.getByRole('textbox', { name: 'Custom vocabulary' });
  await list.fill('Ada');
  await expect.poll(() => page.evaluate(() => (window as unknown as Held).held.isHeld)).toBe(true);
  await list.fill('Ada\nBen');
  const shown = await page.evaluate(async () => {
    const { held } = window as unknown as Held;
    held.isHeld = false;
    await held.done;
    // React shows what follows from it
    await new Promise((resolve) => setTimeout(resolve, 100));
    return document.body.textContent;
  });
  expect(shown).toContain('2 of 500 entries, saving');
  await expect(page.getByText('2 of 500 entries', { exact: true })).toBeVisible();
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
