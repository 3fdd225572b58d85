import { expectSound } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

test('the empty start page', async ({ home, page }) => {
  await home.open();
  await expectSound(page, 'empty');
});

test('models, settings, device check and what is not there', async ({ page }) => {
  for (const path of ['/models', '/settings', '/diagnostics', '/nowhere', '/transcripts/unknown']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectSound(page, path);
  }
});
