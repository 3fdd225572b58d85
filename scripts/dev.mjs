// npm run dev: the development server, with the runtimes in place.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildKernels } from './build-kernels.mjs';
import { copyRuntime } from './copy-runtime.mjs';
import { ensureInstalled, listenHost, main, root } from './lib/app.mjs';

await main(async () => {
  ensureInstalled();
  copyRuntime();
  await buildKernels();
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const args = [next, 'dev', '-p', process.env.PORT ?? '3000', '-H', listenHost()];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.exitCode = await new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 0));
  });
});
