// Writes public/sw.js: the service worker with the list of this build's files, so that the app
// works without a network after its first visit.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../command/root';

const SOURCE = join(root, 'tools', 'service-worker', 'worker.ts');

/** What the app's routes answer without a network. One transcript page serves every transcript. */
const PAGES = [
  '/',
  '/record',
  '/captions',
  '/settings',
  '/admin',
  '/inbox',
  '/dataset',
  '/diagnostics',
  '/requests',
  '/models',
  '/api-docs',
  '/transcripts/offline',
  '/icon.svg',
  '/manifest.webmanifest',
];

/** Source maps, and the bundler's copies of the runtime, which is loaded from /ort/. */
const UNUSED = /\.map$|\/media\/ort-wasm-/;

/** What is read of the catalogue of models. */
interface ListedModels {
  models: readonly { id: string; repository: string }[];
}

function filesBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
      : [`${prefix}${entry.name}`],
  );
}

/**
 * Folders of built-in models that pages keep themselves, in private storage: a copy in the cache of the
 * service worker would fetch them twice.
 */
function keptModels(): string[] {
  const path = join(root, 'public', 'models', 'catalogue.json');
  const { models }: ListedModels = JSON.parse(readFileSync(path, 'utf8'));
  return models.filter(({ repository }) => repository === '').map(({ id }) => `/models/${id}/`);
}

/** Called after each build, before the server starts. */
export function writeServiceWorker(): void {
  const kept = keptModels();
  const served = [
    ...filesBelow('.next/static', '/_next/static/').filter((path) => !UNUSED.test(path)),
    ...filesBelow('public', '/').filter(
      (path) => path !== '/sw.js' && !kept.some((folder) => path.startsWith(folder)),
    ),
  ];
  const build = readFileSync(join(root, '.next', 'BUILD_ID'), 'utf8').trim();
  const version = createHash('sha256').update(build);
  for (const path of served) {
    const file = path.startsWith('/_next/') ? join('.next', path.slice(7)) : join('public', path);
    version.update(path).update(String(statSync(join(root, file)).size));
  }
  const { outputFiles } = buildSync({
    entryPoints: [SOURCE],
    // written below, where a full disk is reported in a sentence
    write: false,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    define: {
      VERSION: JSON.stringify(version.digest('hex').slice(0, 16)),
      FILES: JSON.stringify(served),
      PAGES: JSON.stringify(PAGES),
    },
  });
  writeFileSync(join(root, 'public', 'sw.js'), outputFiles[0]?.contents ?? '');
}
