import type { Page, Response } from '@playwright/test';
import { AppServer } from '../fixtures/app-server';
import { expect, test } from '../fixtures/test';

/** The page of a link that never was. */
const SHARE = '/s/AAAAAAAAAAAAAAAAAAAAAA';

/** Pages that the build renders, that a request renders, and none at all. */
const PAGES = [
  '/',
  '/record',
  '/models',
  '/settings',
  '/diagnostics',
  '/transcripts/00000000-0000-4000-8000-000000000000',
  '/sign-in',
  '/setup',
  '/invite',
  SHARE,
  '/there-is-no-such-page',
];

/** What every page says to browsers, whatever it shows. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

async function open(page: Page, path: string): Promise<Response> {
  const response = await page.goto(path);
  if (!response) throw new Error(`${path} gave no answer.`);
  return response;
}

/** The sources of one directive of a page's policy. */
function sources(response: Response, directive: string): string[] {
  const policy = response.headers()['content-security-policy'] ?? '';
  const found = policy.split('; ').find((text) => text.startsWith(`${directive} `));
  return found?.split(' ').slice(1) ?? [];
}

for (const path of PAGES)
  test(`${path} runs under a policy that it does not break`, async ({ page }) => {
    const response = await open(page, path);
    expect(response.headers()).toMatchObject(HEADERS);
    expect(response.headers()['permissions-policy']).toContain('microphone=(self)');
    for (const directive of ['object-src', 'base-uri', 'frame-ancestors'])
      expect(sources(response, directive)).toEqual(["'none'"]);
    const scripts = sources(response, 'script-src');
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(scripts).not.toContain("'unsafe-eval'");
    expect(scripts.some((source) => /^'(nonce|sha256)-/.test(source))).toBe(true);
    // its scripts ran, which they would not under a policy that knows other ones
    const sign = path.startsWith('/s/')
      ? page.getByRole('heading', { name: 'This link is not available' })
      : page.locator('html[data-ready]');
    await expect(sign).toBeAttached();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

test.describe('what someone slipped into a page', () => {
  test.use({ mayViolate: true, mayAsk: null });

  for (const path of ['/', '/sign-in', '/there-is-no-such-page'])
    test(`does not run on ${path}`, async ({ page }) => {
      await open(page, path);
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
        // told one after the other, and late by a busy machine
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

test.describe('a page of a server that names no hub of its own', () => {
  // the tests' own server names one, and whatever that sends browsers on to is allowed there
  const server = new AppServer();
  test.beforeAll(async () => {
    await server.start();
  });
  test.afterAll(() => server.stop());
  test.use({ mayViolate: true, mayAsk: /^http:\/\/localhost:/ });

  for (const path of ['/', '/sign-in', SHARE])
    test(`asks no other host: ${path}`, async ({ page }) => {
      await open(page, `${server.url}${path}`);
      const violated = page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            document.addEventListener('securitypolicyviolation', (event) =>
              resolve(event.effectiveDirective),
            );
          }),
      );
      const asked = page.evaluate(() =>
        fetch('https://evil.example/').then(
          () => 'answered',
          () => 'refused',
        ),
      );
      expect(await asked).toBe('refused');
      expect(await violated).toBe('connect-src');
    });
});

test('gives each page that a request renders a nonce of its own', async ({ page }) => {
  const nonce = async () =>
    sources(await open(page, '/transcripts/one'), 'script-src').find((text) =>
      text.startsWith("'nonce-"),
    );
  const first = await nonce();
  expect(first).toMatch(/^'nonce-[\w+/=]{20,}'$/);
  expect(await nonce()).not.toBe(first);
});

test('keeps a share’s page out of search engines and caches, and lets it ask this server alone', async ({
  page,
}) => {
  const response = await open(page, SHARE);
  expect(response.headers()['x-robots-tag']).toContain('noindex');
  expect(response.headers()['cache-control']).toContain('no-store');
  expect(response.headers()['referrer-policy']).toBe('no-referrer');
  expect(sources(response, 'connect-src')).toEqual(["'self'"]);
});
