// The processes that tests of the server start, bundled once: a process that bundles itself needs a
// second to start, and tests start dozens.
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from '../command/root';

const SOURCES = join(root, 'lib/server/testing/children');
/** Below the packages, which stay as they are and are found from there. */
const CACHE = join(root, 'node_modules', '.cache', 'ai2text-children');

/** @returns a new folder with one `.mjs` file for each of them */
export async function bundleChildren(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'run-'));
  const names = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ''));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: {
      alias: { '@': root, 'server-only': join(root, 'node_modules/server-only/empty.js') },
    },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(SOURCES, `${name}.ts`)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return folder;
}
