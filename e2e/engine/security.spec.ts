import type { Page, Response } from '@playwright/test';
import { audio } from '../fixtures/files';
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

test('lets every stage of a transcription run: WebAssembly, workers, worklets, recordings', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await home.add(audio('speech-ac3.mkv'));
  await home.link('speech-ac3').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause playback' })).toBeVisible();
});
