import { expectSound } from '../fixtures/looks';
import { expect, test } from '../fixtures/test';

test('the empty start page', async ({ home, page }) => {
  await home.open();
  await expectSound(page, 'empty');
});

for (const path of ['/models', '/settings', '/diagnostics', '/nowhere', '/transcripts/unknown'])
  test(`${path} has no barriers`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectSound(page, path);
  });
