// npm run dev: the development server, with the runtimes in place.
import { buildKernels } from './build-kernels.mjs';
import { copyRuntime } from './copy-runtime.mjs';
import { ensureInstalled, listenHost, main } from './lib/app.mjs';
import { nextBin, nextEnv } from './lib/build.mjs';
import { spawnNode } from './lib/command.mjs';
import { readCommand } from './lib/options.mjs';
import { ensureFree, exitOf, listenPort } from './lib/server-process.mjs';
import { stopWhenAsked } from './lib/stopping.mjs';

const COMMAND = {
  name: 'dev',
  text: 'serves the app from its sources, which it follows as they change',
  notes: ['PORT and HOSTNAME say where (localhost:3000).'],
};

await main(async () => {
  readCommand(COMMAND);
  const port = listenPort();
  const host = listenHost();
  await ensureFree(port, host);
  ensureInstalled();
  copyRuntime();
  await buildKernels();
  const child = spawnNode([nextBin(), 'dev', '-p', String(port), '-H', host], {
    env: nextEnv('development'),
  });
  stopWhenAsked({ close: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') });
  process.exitCode = await exitOf(child);
});
