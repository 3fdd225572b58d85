// Bundles the worker that fetches models into a script with an address of its own.

import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../command/root';

/**
 * Writes public/hub/download.js. A worker is bound by the policy of its script's answer, and the workers
 * that Next bundles all begin with the same script: this one alone may reach the model hub.
 */
export function bundleDownloadWorker(): void {
  buildSync({
    entryPoints: [join(root, 'workers', 'download', 'worker.ts')],
    outfile: join(root, 'public', 'hub', 'download.js'),
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
}
