import { expectAccessible } from '../fixtures/accessibility';
import { expect, test } from '../fixtures/test';

const PATHS = [
  '/',
  '/models',
  '/settings',
  '/admin',
  '/inbox',
  '/dataset',
  '/diagnostics',
  '/requests',
  '/captions',
  '/api-docs',
  '/nowhere',
  '/transcripts/unknown',
];

test('pages without anything to show are accessible', async ({ page }) => {
  for (const path of PATHS) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page, path);
  }
});
