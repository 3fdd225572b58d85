import { describe, expect, it } from 'vitest';
import {
  contentSecurityPolicy,
  hubHosts,
  inlineScriptHashes,
  type PagePolicy,
  scriptHash,
  storeHosts,
} from './page-policy';

const base: PagePolicy = {
  trust: { kind: 'hashes', hashes: ["'sha256-aa='"] },
  everywhere: ["'sha256-bb='"],
  isDevelopment: false,
};

/** The sources of one directive. */
function sources(name: string, policy: Partial<PagePolicy> = {}): string[] {
  const directives = contentSecurityPolicy({ ...base, ...policy }).split('; ');
  const found = directives.find((directive) => directive.startsWith(`${name} `));
  return found?.split(' ').slice(1) ?? [];
}

describe('contentSecurityPolicy', () => {
  it('lets a page that the build rendered run our files and the scripts known from it', () => {
    expect(sources('script-src')).toEqual([
      "'self'",
      "'sha256-aa='",
      "'sha256-bb='",
      "'wasm-unsafe-eval'",
    ]);
  });

  it('lets a page rendered for a request run what carries its nonce', () => {
    expect(sources('script-src', { trust: { kind: 'nonce', nonce: 'n0' } })).toEqual([
      "'nonce-n0'",
      "'strict-dynamic'",
      "'sha256-bb='",
      "'wasm-unsafe-eval'",
    ]);
  });

  it('lets pages ask the store that browsers reach, and no other host', () => {
    const asked = (address?: string) => sources('connect-src', { hosts: storeHosts(address) });
    expect(asked('https://s3.example.org:9000/path')).toEqual([
      "'self'",
      'https://s3.example.org:9000',
    ]);
    for (const address of [undefined, '', '*']) expect(asked(address)).toEqual(["'self'"]);
  });

  it.each([
    ['object-src', ["'none'"]],
    ['base-uri', ["'none'"]],
    ['frame-ancestors', ["'none'"]],
    ['form-action', ["'self'"]],
    ['connect-src', ["'self'"]],
    ['worker-src', ["'self'", 'blob:']],
  ])('limits %s', (name, expected) => {
    expect(sources(name)).toEqual(expected);
  });

  it('allows neither inline scripts nor eval, except eval while developing', () => {
    expect(contentSecurityPolicy(base)).not.toContain("'unsafe-eval'");
    expect(sources('script-src')).not.toContain("'unsafe-inline'");
    expect(sources('style-src')).not.toContain("'unsafe-inline'");
    expect(sources('script-src', { isDevelopment: true })).toContain("'unsafe-eval'");
  });
});

describe('inlineScriptHashes', () => {
  it('finds each inline script once, whatever attributes it has, and no file', () => {
    const html = `<script src="/a.js" async=""></script><script>one</script>
      <script id="_R_">two
      lines</script><script>one</script><script async="" src="/b.js"></script>`;
    expect(inlineScriptHashes(html)).toEqual([scriptHash('one'), scriptHash('two\n      lines')]);
  });

  it('writes a hash as browsers compare it', () => {
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    expect(scriptHash('alert(1)')).toBe("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
  });
});

describe('hubHosts', () => {
  it('allows the public hub and the domains of its storage, and no other', () => {
    const expected = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];
    expect(hubHosts(undefined)).toEqual(expected);
    expect(hubHosts('https://huggingface.co/')).toEqual(expected);
  });

  it('allows every address that another hub may send browsers on to', () => {
    expect(hubHosts('https://mirror.example/hub')).toEqual(['https:']);
    expect(hubHosts('http://mirror.lan:8080')).toEqual(['http:', 'https:']);
  });

  it('allows none when the address is not one', () => {
    expect(hubHosts("evil.example; script-src 'unsafe-inline'")).toEqual([]);
  });
});
