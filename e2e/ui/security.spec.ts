import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures/test';

/** The page of a link that never was. */
const SHARE = '/s/AAAAAAAAAAAAAAAAAAAAAA';

/** Pages that the build renders, that a request renders, and none at all. */
const PAGES = [
  '/',
  '/record',
  '/captions',
  '/models',
  '/settings',
  '/admin',
  '/inbox',
  '/dataset',
  '/diagnostics',
  '/requests',
  '/api-docs',
  '/transcripts/00000000-0000-4000-8000-000000000000',
  '/sign-in',
  '/setup',
  '/invite',
  SHARE,
  '/there-is-no-such-page',
];

// the headers themselves: tools/app/pages.process.test.ts
test('every page works under its Content-Security-Policy, isolated from other sites', async ({
  page,
}) => {
  for (const path of PAGES) {
    await page.goto(path);
    // its scripts ran, which they would not under a policy that knows other ones
    const signs: Record<string, Locator> = {
      [SHARE]: page.getByRole('heading', { name: 'This link is not available' }),
      // no app runs in that window
      '/captions': page.getByRole('status').filter({ hasText: /^Not connected/ }),
    };
    const sign = signs[path] ?? page.locator('html[data-ready]');
    await expect(sign, path).toBeAttached();
    expect(await page.evaluate(() => crossOriginIsolated), path).toBe(true);
  }
});

test.describe('an injected script', () => {
  test.use({ allowViolations: true, allowedRequests: null });

  for (const path of ['/', '/sign-in', '/there-is-no-such-page'])
    test(`does not run on ${path}`, async ({ page }) => {
      await page.goto(path);
      const result = await page.evaluate(async () => {
        const violations: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) =>
          violations.push(event.effectiveDirective),
        );
        const script = document.createElement('script');
        script.textContent = 'window.slipped = 1';
        document.body.append(script);
        const holder = document.createElement('div');
        holder.innerHTML =
          '<img src="data:," onerror="window.slipped = 2"><form action="https://evil.example/"></form>';
        document.body.append(holder);
        holder.querySelector('form')?.requestSubmit();
        // reported one after the other, and late by a busy machine
        for (let waits = 0; waits < 50 && violations.length < 3; waits += 1)
          await new Promise((resolve) => setTimeout(resolve, 100));
        return { violations, slipped: Reflect.get(window, 'slipped') };
      });
      expect(result.slipped).toBeUndefined();
      expect(new Set(result.violations)).toEqual(
        new Set(['script-src-elem', 'script-src-attr', 'form-action']),
      );
    });
});
