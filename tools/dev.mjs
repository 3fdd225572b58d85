// npm run dev: the development server, with the runtimes in place.

import { ensureInstalled, listenHost, main } from './app/app.mjs';
import { nextBin, nextEnv } from './app/build.mjs';
import { buildKernels } from './app/build-kernels.mjs';
import { copyRuntime } from './app/copy-runtime.mjs';
import { ensureFree, exitOf, listenPort } from './app/server-process.mjs';
import { spawnNode } from './command/command.mjs';
import { readCommand } from './command/options.mjs';
import { stopWhenAsked } from './command/stopping.mjs';

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
