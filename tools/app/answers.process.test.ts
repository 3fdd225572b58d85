// Asks the built server, as `npm start` runs it, what no browser would ask: needs a build.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from './listening';
import { startServer } from './server';

interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

let port = 0;
let close: () => Promise<void>;
const said: string[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-answers-'));

beforeAll(async () => {
  port = await freePort();
  ({ close } = await startServer({
    port,
    env: { DATA_DIR: dataDir, NEXTAUTH_URL: 'https://ai2text.example.org', DATABASE_URL: '' },
    print: (line: string) => void said.push(line),
  }));
});
afterAll(async () => {
  await close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What comes back for these very bytes; `null`: nothing. */
async function send(text: string): Promise<Answer | null> {
  let received = '';
  const socket = connect(port, 'localhost');
  socket.setEncoding('latin1').on('data', (more) => {
    received += more;
  });
  socket.write(text);
  await once(socket, 'close');
  return received === '' ? null : parse(received);
}

function parse(received: string): Answer {
  const at = received.indexOf('\r\n\r\n');
  const [first = '', ...lines] = received.slice(0, at).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { status: Number(first.split(' ')[1]), headers, body: received.slice(at + 4) };
}

const ask = (method: string, path: string, ...headers: string[]) =>
  send(
    [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join(
      '\r\n',
    ),
  );

/** What every answer says to browsers. */
const EVERYWHERE = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000',
};

function expectPolicy(answer: Answer | null, what: string): Answer {
  if (!answer) throw new Error(`${what} got no answer.`);
  const { headers } = answer;
  expect(Object.fromEntries(headers), what).toMatchObject(EVERYWHERE);
  expect(headers.get('permissions-policy'), what).toContain('microphone=(self)');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy, what).toContain("frame-ancestors 'none'");
  // a document shows what it is allowed to, and no more
  if (/^text\/html/.test(headers.get('content-type') ?? ''))
    expect(policy, what).toMatch(/default-src 'self'; script-src '[^;]*(sha256|nonce)-/);
  return answer;
}

const FOLDERS = [
  '_next',
  '_next/static',
  'models',
  'ort',
  'vad',
  'ffmpeg',
  'kernels',
  'resampler',
  'hub',
];

/** Path → status. */
const PATHS: [string, number][] = [
  ...[
    '/',
    '/settings',
    '/models',
    '/s/AAAAAAAAAAAAAAAAAAAAAA',
    '/s/x/y',
    '/transcripts/one',
    '/sw.js',
  ].map((path): [string, number] => [path, 200]),
  ...['/icon.svg', '/manifest.webmanifest', '/models/catalogue.json', '/api/health'].map(
    (path): [string, number] => [path, 200],
  ),
  ['/ort/ort-wasm-simd-threaded.mjs', 200],
  ['/vad/silero_vad_v6.onnx', 200],
  ...FOLDERS.flatMap((folder): [string, number][] => [
    [`/${folder}/nope`, 404],
    [`/${folder}/nope.js`, 404],
    [`/${folder}/no/pe?_rsc=1`, 404],
    [`/${folder}/%2e%2e/x`, 404],
    [`/${folder}/`, 308],
  ]),
  ['/_next/image?url=%2Ficon.svg&w=64&q=75', 404],
  ['/_next/data/x/index.json', 404],
  ['/_next/webpack-hmr', 404],
  ...['/there/is/no', '/%', '/%e0%a4%a', '/%00', '/_not-found', '/404', '/_error'].map(
    (path): [string, number] => [path, 404],
  ),
  ...['/favicon.ico', '/robots.txt', '/.well-known/x', '/index.html', '/.next/BUILD_ID'].map(
    (path): [string, number] => [path, 404],
  ),
  ['/_global-error', 500],
  ...['//x', '/\\x', '/settings/', '/api/', '/models/catalogue.json/', '//evil.example/%2f..'].map(
    (path): [string, number] => [path, 308],
  ),
  ...['/api', '/api/nope', '/api/hub/nope', '/api/auth/nope', '/api/metrics'].map(
    (path): [string, number] => [path, 404],
  ),
  ['/api/transcripts', 401],
  ['/api/shares/not-an-id', 404],
];

describe('every answer is under one policy, and is never framed:', () => {
  test.each(PATHS)('%s', async (path, status) => {
    const got = expectPolicy(await ask('GET', path), path);
    expect(got.status).toBe(status);
    if (path.startsWith('/api'))
      expect(got.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const head = expectPolicy(await ask('HEAD', path), path);
    expect(head.status).toBe(status);
    expect(head.body).toBe('');
  });

  test('a file that the browser has already', async () => {
    const first = await ask('GET', '/sw.js');
    const again = await ask('GET', '/sw.js', `If-None-Match: ${first?.headers.get('etag')}`);
    expect(again?.status).toBe(304);
    // workers go by the policy of their script, and the browser takes the newest
    expect(expectPolicy(again, 'again').headers.get('content-security-policy')).toBe(
      first?.headers.get('content-security-policy'),
    );
    expect(again?.headers.get('content-security-policy')).not.toContain("default-src 'none'");
  });

  test('a part of a file, and one that it does not have', async () => {
    expect(expectPolicy(await ask('GET', '/sw.js', 'Range: bytes=0-9'), 'part').status).toBe(206);
    expectPolicy(await ask('GET', '/sw.js', 'Range: bytes=99999999-'), 'no part');
  });

  test.each([
    ['no version of HTTP', 'GET / HTTP/9.9\r\n\r\n', 400],
    ['no HTTP', 'NONSENSE\r\n\r\n', 405],
    ['a length that is none', 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a method that nobody knows', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ['an address without end', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    [
      'an expectation',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: tea\r\n\r\n',
      417,
    ],
    [
      'another protocol',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n',
      200,
    ],
  ])('%s', async (what, text, status) => {
    expect(expectPolicy(await send(text), what).status).toBe(status);
  });

  test('a body that is too large, and one that is not text', async () => {
    const json = 'Content-Type: application/json';
    const large = await ask('POST', '/api/setup/check', json, 'Content-Length: 999999');
    expect(expectPolicy(large, 'large').status).toBe(413);
    const body = '{"token":"\\u0000"}';
    const none = await ask(
      'POST',
      '/api/setup/check',
      json,
      `Content-Length: ${body.length}`,
      '',
      body,
    );
    expect(expectPolicy(none, 'none').status).toBe(400);
  });
});

/** All that Node reads as a method, less those that routes know; and two that it does not read. */
const ODD_METHODS = [
  ...[
    'TRACE',
    'CONNECT',
    'PATCH',
    'PROPFIND',
    'PROPPATCH',
    'MKCOL',
    'COPY',
    'MOVE',
    'LOCK',
    'UNLOCK',
  ],
  ...[
    'SEARCH',
    'PURGE',
    'LINK',
    'UNLINK',
    'REPORT',
    'M-SEARCH',
    'SUBSCRIBE',
    'BIND',
    'ACL',
    'SOURCE',
  ],
  ...['QUERY', 'BREW', 'get'],
];

describe.each(['/', '/settings', '/api/hub', '/api/nope', '/models/catalogue.json', '/_next/nope'])(
  '%s is not to be had by',
  (path) => {
    test.each(ODD_METHODS)('%s', async (method) => {
      const answer = expectPolicy(await ask(method, path), method);
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toMatch(/^GET, HEAD\b/);
    });
  },
);

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
  'pages and files are not to be had by %s',
  async (method) => {
    for (const path of ['/', '/models/catalogue.json', '/_next/nope', '/sw.js']) {
      const answer = expectPolicy(await ask(method, path), path);
      expect([answer.status, answer.headers.get('allow')], path).toEqual([405, 'GET, HEAD']);
    }
    expect(expectPolicy(await ask(method, '/api/nope'), method).status).toBe(
      method === 'OPTIONS' ? 204 : 404,
    );
  },
);

test('nothing of all this leaves more than lines of the log', () => {
  const others = said.filter((line) => !line.startsWith('{'));
  expect(others).toEqual([expect.stringContaining('https://ai2text.example.org/setup#')]);
});
