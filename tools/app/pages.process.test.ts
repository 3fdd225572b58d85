import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptHash } from '../../lib/server/http/page-policy';
import { putAway, type ServerProcess, startProcess } from './test-process';

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

let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess();
});
afterAll(putAway);

/** A page as a browser gets it. */
async function open(path: string) {
  const response = await fetch(`${server.url}${path}`, { redirect: 'error' });
  const policy = response.headers.get('content-security-policy') ?? '';
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    html: await response.text(),
    /** The sources of one directive of its policy. */
    sources: (directive: string) => {
      const found = policy.split('; ').find((text) => text.startsWith(`${directive} `));
      return found?.split(' ').slice(1) ?? [];
    },
  };
}

/** The scripts of a page: the text of inline ones, the address of others, and their nonce. */
function scriptsOf(html: string) {
  return [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)].map(
    ([, facts = '', text = '']) => ({
      nonce: /\bnonce="([^"]*)"/.exec(facts)?.[1] ?? null,
      src: /\bsrc="([^"]*)"/.exec(facts)?.[1] ?? null,
      text,
    }),
  );
}

describe.each(PAGES)('the page %s', (path) => {
  it('is isolated, and has browsers trust no more than they must', async () => {
    const { headers, sources, status } = await open(path);
    expect(status).toBe(path === '/there-is-no-such-page' ? 404 : 200);
    expect(headers).toMatchObject(HEADERS);
    expect(headers['permissions-policy']).toContain('microphone=(self)');
    expect(headers['cache-control']).toMatch(/no-cache|no-store/);
    for (const directive of ['object-src', 'base-uri', 'frame-ancestors'])
      expect(sources(directive)).toEqual(["'none'"]);
    expect(sources('form-action')).toEqual(["'self'"]);
    const scripts = sources('script-src');
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(scripts).not.toContain("'unsafe-eval'");
  });

  it('has a policy that lets each of its own scripts run', async () => {
    const { html, sources } = await open(path);
    const allowed = sources('script-src');
    const scripts = scriptsOf(html);
    expect(scripts.filter(({ src }) => src === null).length).toBeGreaterThan(1);
    expect(scripts.filter(({ src }) => src !== null).length).toBeGreaterThan(1);
    for (const { nonce, src, text } of scripts) {
      const isTrusted = allowed.includes(`'nonce-${nonce}'`);
      // with 'strict-dynamic' browsers do not look at where a script comes from
      const isOurs =
        src === null
          ? allowed.includes(scriptHash(text))
          : src.startsWith('/_next/') &&
            allowed.includes("'self'") &&
            !allowed.includes("'strict-dynamic'");
      expect(isTrusted || isOurs, src ?? text.slice(0, 80)).toBe(true);
    }
  });

  it('names no other host', async () => {
    const { html } = await open(path);
    const addresses = [...html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, to]) => to);
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((to) => /^(\w+:)?\/\//.test(to ?? ''))).toEqual([]);
  });
});

describe('pages', () => {
  it('that a request renders have a nonce of their own each time', async () => {
    const nonce = async () =>
      (await open('/transcripts/one')).sources('script-src').find((text) => /^'nonce-/.test(text));
    const first = await nonce();
    expect(first).toMatch(/^'nonce-[\w+/=]{20,}'$/);
    expect(await nonce()).not.toBe(first);
  });

  it('may ask this host alone', async () => {
    for (const path of ['/', '/sign-in', '/models', '/no-such-page', SHARE])
      expect((await open(path)).sources('connect-src')).toEqual(["'self'"]);
  });

  it('of shares stay out of search engines and caches', async () => {
    const { headers } = await open(SHARE);
    expect(headers['x-robots-tag']).toContain('noindex');
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('promise https only where they come by it', async () => {
    expect((await open('/')).headers['strict-transport-security']).toBeUndefined();
    expect((await open('/')).headers['x-powered-by']).toBeUndefined();
  });
});

describe('files', () => {
  it('let workers ask this host alone, except for the one that downloads models', async () => {
    const hosts = async (path: string) => (await open(path)).sources('connect-src');
    for (const path of ['/sw.js', '/ort/ort-wasm-simd-threaded.mjs', '/ffmpeg/worker.js'])
      expect(await hosts(path)).toEqual(["'self'", 'blob:', 'data:']);
    expect(await hosts('/hub/download.js')).toContain('https://huggingface.co');
  });

  it.each(['/sw.js', '/models/catalogue.json', '/vad/silero_vad_v6.onnx'])(
    'come isolated as pages do, and are not guessed at: %s',
    async (path) => {
      const { status, headers } = await open(path);
      expect(status).toBe(200);
      expect(headers).toMatchObject(HEADERS);
    },
  );
});
