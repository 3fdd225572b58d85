// Bundles pages and workers for a browser, and serves them: cross-origin isolated, on this machine only.

import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Plugin } from 'vite';
import { root } from '../../command/root';
import { listenLocally } from '../../services/listen';

const HERE = join(root, 'tools', 'bench', 'peers');
const TAP = join(HERE, 'decoder-tap.ts');

/** Our families open their decoder by the tap. */
function throughTap(): Plugin {
  let isTapped = false;
  return {
    name: 'decoder-tap',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source !== './open' || !importer?.endsWith('/families/seq2seq/index.ts'))
        return undefined;
      isTapped = true;
      return TAP;
    },
    buildEnd(error) {
      if (!error && !isTapped) this.error('No family opens its decoder by the tap.');
    },
  };
}

/** Each from a file of the same name, and all but the page a worker. */
const ENTRIES = ['page', 'ours-wasm', 'ours-webgpu', 'transformers'];

/** Bundles the comparison. @param outDir gets one script for each entry */
export function buildPeersSite(outDir: string): Promise<void> {
  const input = Object.fromEntries(ENTRIES.map((name) => [name, join(HERE, `${name}.ts`)]));
  return buildSite(outDir, input, [throughTap()]);
}

/**
 * Bundles scripts that are served as `/site/NAME.js`.
 * @param input paths of the sources, by the name
 */
export async function buildSite(
  outDir: string,
  input: Record<string, string>,
  plugins: Plugin[] = [],
): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    base: '/site/',
    resolve: { alias: { '@': root } },
    worker: { format: 'es' },
    plugins,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rollupOptions: { input, output: { entryFileNames: '[name].js', format: 'es' } },
    },
  });
}

const TYPES = new Map([
  ['.js', 'text/javascript'],
  ['.mjs', 'text/javascript'],
  ['.json', 'application/json'],
  ['.wasm', 'application/wasm'],
]);

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

/** First part of a path to the folder that has the rest. */
type Folders = Readonly<Record<string, string>>;

/** A server that runs. */
interface FolderServer {
  url: string;
  close(): Promise<void>;
}

/** Serves folders, and at `/` a page that loads `/site/page.js`. */
export async function serveFolders(folders: Folders): Promise<FolderServer> {
  const server = createServer((request, response) => {
    answer(request, response, folders).catch((error: Error) => {
      response.destroy(error);
    });
  });
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  folders: Folders,
): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  if (path === '/') {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' });
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
    'Content-Type': TYPES.get(extname(file)) ?? 'application/octet-stream',
    'Content-Length': stats.size,
  });
  await pipeline(createReadStream(file), response);
}
