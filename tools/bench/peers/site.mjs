// Bundles the comparison's page and workers.
import { join } from 'node:path';
import { root } from '../../app/app.mjs';

const HERE = join(root, 'tools', 'bench', 'peers');
const TAP = join(HERE, 'decoder-tap.mjs');

/** Our families open their decoder by the tap. */
const throughTap = {
  name: 'decoder-tap',
  enforce: 'pre',
  resolveId: (source, importer) =>
    /seq2seq\/open$/.test(source) && importer !== TAP ? TAP : undefined,
};

/** Each from a file of the same name, and all but the page a worker. */
const ENTRIES = ['page', 'ours-wasm', 'ours-webgpu', 'transformers'];

/** @param {string} outDir gets one script for each entry */
export async function buildSite(outDir, entries = ENTRIES) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    base: '/site/',
    resolve: { alias: { '@': root } },
    worker: { format: 'es' },
    plugins: [throughTap],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rollupOptions: {
        input: Object.fromEntries(entries.map((name) => [name, join(HERE, `${name}.mjs`)])),
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  });
}
