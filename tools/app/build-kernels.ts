// Compiles /kernels to WebAssembly: for processors with an instruction for bytes, for those without, and for
// browsers without relaxed SIMD.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../command/root';

const SOURCES = join(root, 'kernels');
const TARGET = join(root, 'public', 'kernels');

/** The modules: whether each uses relaxed SIMD, and adds products of bytes in pairs. */
const MODULES = [
  { name: 'kernels.wasm', relaxed: 0, pairs: 0 },
  { name: 'kernels-relaxed.wasm', relaxed: 1, pairs: 0 },
  { name: 'kernels-pairs.wasm', relaxed: 1, pairs: 1 },
];

/** Compiles the modules that are missing or older than their sources. */
export async function buildKernels(): Promise<void> {
  // a bundle holds what was compiled from them
  if (!existsSync(SOURCES)) return;
  const sources = readdirSync(SOURCES).map((name) => join(SOURCES, name));
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(changedMs));
  const stale = MODULES.filter(({ name }) => changedMs(join(TARGET, name)) <= newest);
  if (stale.length === 0) return;
  mkdirSync(TARGET, { recursive: true });
  const { main } = await import('assemblyscript/asc');
  for (const { name, relaxed, pairs } of stale) {
    const { error, stderr } = await main([
      join('kernels', 'index.ts'),
      ...['--baseDir', root, '--outFile', join('public', 'kernels', name)],
      ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd,relaxed-simd,threads', '--use', `RELAXED=${relaxed}`],
      ...['--use', `PAIRS=${pairs}`],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
    ]);
    if (error) throw new Error(`The kernels could not be compiled.\n${stderr}`, { cause: error });
  }
}

/** When a file was changed last; 0: there is none. */
function changedMs(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
