// Builds the app for production. A build counts when its last step has ended, not before.
import { rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { messageOf, PlainError } from '../command/errors';
import { root } from '../command/root';
import { spawnNode } from '../command/spawn-node';
import { alone } from './build-lock';
import { buildIsStale, removeStamp, writeStamp } from './freshness';
import { NEXT_FOLDER, nextBin, nextEnv, STANDALONE } from './next';

/** Builds the app for production when there is no whole build, or one older than its sources. */
export async function ensureBuilt(): Promise<void> {
  const { copyRuntime } = await import('./copy-runtime');
  copyRuntime();
  const { buildKernels } = await import('./build-kernels');
  await buildKernels();
  if (buildIsStale())
    await alone(async () => {
      // somebody else may have made it meanwhile
      if (buildIsStale()) await build();
    });
}

async function build(): Promise<void> {
  console.log('Building…');
  const startedMs = Date.now();
  removeStamp();
  await runNext();
  try {
    const { bundleDownloadWorker } = await import('./bundle-download-worker');
    bundleDownloadWorker();
    const { writeServiceWorker } = await import('../service-worker/write');
    writeServiceWorker();
    linkFiles();
    writeStamp(startedMs);
  } catch (error) {
    throw new PlainError(`The build could not be finished: ${messageOf(error)}.`);
  }
}

async function runNext(): Promise<void> {
  const child = spawnNode([nextBin(), 'build'], { env: nextEnv('production') });
  const how = await new Promise<string | number | null>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  if (how === 0) return;
  throw new PlainError(
    typeof how === 'number'
      ? 'The build failed; the lines above say why.'
      : `The build was interrupted (${how}).`,
  );
}

/**
 * Lets the standalone server find the files that it serves as they are. They are linked, not copied:
 * models and runtimes are a hundred megabytes.
 */
function linkFiles(): void {
  const links = [
    { target: join(root, 'public'), link: join(STANDALONE, 'public') },
    { target: join(NEXT_FOLDER, 'static'), link: join(STANDALONE, '.next', 'static') },
  ];
  for (const { target, link } of links) {
    rmSync(link, { recursive: true, force: true });
    // junctions need no rights on Windows, and hold whole paths
    const isWindows = process.platform === 'win32';
    symlinkSync(
      isWindows ? target : relative(dirname(link), target),
      link,
      isWindows ? 'junction' : 'dir',
    );
  }
}
