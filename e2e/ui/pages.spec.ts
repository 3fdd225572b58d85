import { expectAccessible } from '../fixtures/accessibility';
import { expect, test } from '../fixtures/test';

test('the empty start page is accessible', async ({ home, page }) => {
  await home.open();
  await expectAccessible(page, 'empty');
});

for (const path of [
  '/models',
  '/settings',
  '/admin',
  '/inbox',
  '/dataset',
  '/diagnostics',
  '/requests',
  '/captions',
  '/nowhere',
  '/transcripts/unknown',
])
  test(`${path} is accessible`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page, path);
  });
