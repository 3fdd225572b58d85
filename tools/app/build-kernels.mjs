// Compiles /kernels to WebAssembly: one module that fuses products with sums, one for browsers that cannot.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SOURCES = join(root, 'kernels');
const TARGET = join(root, 'public', 'kernels');

/** The module, and whether it uses relaxed SIMD. */
const MODULES = [
  ['kernels.wasm', 0],
  ['kernels-relaxed.wasm', 1],
];

/** Compiles the modules that are missing or older than their sources. @returns {Promise<void>} */
export async function buildKernels() {
  const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(ageOf));
  const stale = MODULES.filter(([name]) => ageOf(join(TARGET, name)) <= newest);
  if (stale.length === 0) return;
  mkdirSync(TARGET, { recursive: true });
  const { main } = await import('assemblyscript/asc');
  for (const [name, relaxed] of stale) {
    const { error, stderr } = await main([
      join('kernels', 'index.ts'),
      ...['--baseDir', root, '--outFile', join('public', 'kernels', name)],
      ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd,relaxed-simd,threads', '--use', `RELAXED=${relaxed}`],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
    ]);
    if (error) throw new Error(`The kernels could not be compiled.\n${stderr}`, { cause: error });
  }
}

/** When a file was changed last; 0: there is none. */
function ageOf(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
