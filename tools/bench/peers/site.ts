// Bundles pages and workers for a browser.
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { root } from '../../command/root';

const HERE = join(root, 'tools', 'bench', 'peers');
const TAP = join(HERE, 'decoder-tap.ts');

/** Our families open their decoder by the tap. */
const throughTap: Plugin = {
  name: 'decoder-tap',
  enforce: 'pre',
  resolveId: (source, importer) =>
    /seq2seq\/open$/.test(source) && importer !== TAP ? TAP : undefined,
};

/** Each from a file of the same name, and all but the page a worker. */
const ENTRIES = ['page', 'ours-wasm', 'ours-webgpu', 'transformers'];

/** Bundles the comparison. @param outDir gets one script for each entry */
export function buildPeersSite(outDir: string): Promise<void> {
  const input = Object.fromEntries(ENTRIES.map((name) => [name, join(HERE, `${name}.ts`)]));
  return buildSite(outDir, input, [throughTap]);
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
