import { request as ask } from 'node:http';
import { expect, test } from '@playwright/test';

/** An answer of the server to a request that no browser would send. */
function raw(
  baseURL: string | undefined,
  options: { method?: string; path: string; headers?: Record<string, string>; pieces?: string[] },
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { pieces = [], ...rest } = options;
  const { hostname, port } = new URL(baseURL ?? '');
  return new Promise((resolve, reject) => {
    const request = ask({ hostname, port, ...rest }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    // it may be refused before all of it is sent
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    for (const piece of pieces) request.write(piece);
    request.end();
  });
}

const JSON_TYPE = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };

test('refuses bodies that are too large, broken, or sent by other sites', async ({ baseURL }) => {
  const post = (headers: Record<string, string>, pieces: string[]) =>
    raw(baseURL, { method: 'POST', path: '/api/setup/check', headers, pieces });
  const pieces = Array.from({ length: 40 }, () => ' '.repeat(16 * 1024));
  const answers = await Promise.all([
    post(JSON_TYPE, pieces),
    post({ ...JSON_TYPE, 'content-length': String(pieces.join('').length) }, pieces),
    post(JSON_TYPE, ['{"token":']),
    post({ ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, ['{}']),
    post({ ...JSON_TYPE, 'content-type': 'text/plain' }, ['{}']),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([413, 413, 400, 403, 400]);
  for (const { headers, body } of answers) {
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(Object.keys(JSON.parse(body))).toEqual(['code', 'message']);
  }
});

test('gives out no file that is not meant for browsers, whatever the path looks like', async ({
  baseURL,
}) => {
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/models/..%2f..%2fpackage.json',
    '/_next/static/..%2f..%2fprerender-manifest.json',
    '/.next/routes-manifest.json',
    '/data/secret',
    '/package.json',
    '//etc/passwd',
    '/api/shares/..%2f..%2fsecret',
  ]) {
    const { status, body } = await raw(baseURL, { path });
    expect(status, path).toBeGreaterThanOrEqual(300);
    expect(body, path).not.toMatch(/"private": true|root:|staticRoutes/);
  }
});

test('says that it lives, and nothing else to who has no token', async ({ baseURL }) => {
  expect(await raw(baseURL, { path: '/api/health' })).toMatchObject({ status: 200, body: 'ok' });
  for (const path of ['/api/health?ready', '/api/metrics'])
    expect((await raw(baseURL, { path })).status).toBe(404);
});
