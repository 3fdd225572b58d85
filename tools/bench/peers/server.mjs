// A small static server for one comparison: cross-origin isolated, on this machine only.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const PAGE = [
  '<!doctype html><title>Peers</title><link rel="icon" href="data:,">',
  '<script type="module" src="/site/page.js"></script>',
].join('');

/**
 * Serves folders.
 * @param {Record<string, string>} folders first part of a path to the folder that has the rest
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serveFolders(folders) {
  const server = createServer((request, response) => {
    answer(request, response, folders).catch((error) => {
      response.destroy(error);
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The server has no address.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request, response, folders) {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  if (path === '/') {
    response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES['.html'] });
    response.end(PAGE);
    return;
  }
  const [, first = '', ...rest] = path.split('/');
  const folder = folders[first];
  const file = folder && join(folder, normalize(rest.join('/')));
  const stats = file?.startsWith(folder + sep)
    ? statSync(file, { throwIfNoEntry: false })
    : undefined;
  if (!file || !stats?.isFile()) {
    response.writeHead(404, HEADERS);
    response.end();
    return;
  }
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': stats.size,
  });
  await pipeline(createReadStream(file), response);
}
