import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { putAway, raw, type ServerProcess, startProcess } from './test-process';

const JSON_TYPE = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };

let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess();
});
afterAll(putAway);

describe('the server', () => {
  it('refuses bodies that are too large, broken, or sent by other sites', async () => {
    const post = (headers: Record<string, string>, pieces: string[]) =>
      raw(server.url, { method: 'POST', path: '/api/setup/check', headers, pieces });
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

  it.each([
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
  ])('gives out no file that is not meant for browsers: %s', async (path) => {
    const { status, body } = await raw(server.url, { path });
    expect(status).toBeGreaterThanOrEqual(300);
    expect(body).not.toMatch(/"private": true|root:|staticRoutes/);
  });

  it('says that it is alive, and nothing else to clients without the token', async () => {
    expect(await raw(server.url, { path: '/api/health' })).toMatchObject({
      status: 200,
      body: 'ok',
    });
    for (const path of ['/api/health?ready', '/api/metrics'])
      expect((await raw(server.url, { path })).status).toBe(404);
  });

  it('writes to its log what it was asked, and nothing that was in it', async () => {
    const path = '/api/setup/check';
    const pieces = ['{"token":"a-secret-of-someone"}'];
    await raw(server.url, {
      method: 'POST',
      path: `${path}?q=private`,
      headers: JSON_TYPE,
      pieces,
    });
    const { said } = server;
    await vi.waitFor(() => expect(said.join('\n')).toContain('setup.check'));
    expect(said.join('\n')).not.toMatch(/a-secret-of-someone|private/);
  });
});
