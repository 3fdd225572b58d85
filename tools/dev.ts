// npm run dev: the development server, with the runtimes in place.
import { buildKernels } from './app/build-kernels';
import { bundleDownloadWorker } from './app/bundle-download-worker';
import { copyRuntime } from './app/copy-runtime';
import { ensureFree, listenHost, listenPort } from './app/listening';
import { nextBin, nextEnv } from './app/next';
import { exitOf } from './app/server';
import { main } from './command/main';
import { readCommand } from './command/options';
import { spawnNode, stopWhenAsked } from './command/stopping';

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
  copyRuntime();
  await buildKernels();
  bundleDownloadWorker();
  const child = spawnNode([nextBin(), 'dev', '-p', String(port), '-H', host], {
    env: nextEnv('development'),
  });
  stopWhenAsked({ close: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') });
  process.exitCode = await exitOf(child);
});
