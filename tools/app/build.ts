// Builds the app for production. A build counts when its last step has ended, not before.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, messageOf, PlainError } from '../command/errors';
import { root } from '../command/root';
import { spawnNode } from '../command/stopping';
import { NEXT_FOLDER, nextBin, nextEnv, STANDALONE } from './next';

// Whether there is a complete build, and whether it was made from the current sources.

const BUILD_ID = join(NEXT_FOLDER, 'BUILD_ID');
/** Written last: states which build is complete, and how old its sources are. */
const STAMP = join(NEXT_FOLDER, 'ai2text-build.json');

/** What a complete build has besides Next's own files. */
const PRODUCTS = [
  join(STANDALONE, 'server.js'),
  join(STANDALONE, 'public', 'sw.js'),
  join(STANDALONE, 'public', 'hub', 'download.js'),
  join(STANDALONE, '.next', 'static'),
];

/** What the build is made from; anything newer than the build makes it stale. */
const SOURCES = [
  'app',
  'lib',
  'workers',
  'kernels',
  'drizzle',
  'public',
  'proxy.ts',
  'instrumentation.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'package-lock.json',
  'tools/service-worker',
  'tools/app/copy-runtime.ts',
  'tools/app/build-kernels.ts',
  'tools/app/bundle-download-worker.ts',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** Made by the build itself. */
const BUILT_FILES = new Set([
  'public/sw.js',
  'public/ort',
  'public/kernels',
  'public/ffmpeg',
  'public/resampler',
  'public/vad',
  'public/hub',
]);

/** The content of `STAMP`. */
interface Stamp {
  id: string | null;
  startedMs: number;
}

function newestMs(path: string): number {
  const name = path.slice(root.length + 1).replaceAll('\\', '/');
  if (BUILT_FILES.has(name) || /\.test(-d)?\.tsx?$/.test(name)) return 0;
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  // the build itself changes the date of `public`: only its files count
  const own = name === 'public' ? 0 : facts.mtimeMs;
  return readdirSync(path).reduce((ms, entry) => Math.max(ms, newestMs(join(path, entry))), own);
}

function buildId(): string | null {
  return existsSync(BUILD_ID) ? readFileSync(BUILD_ID, 'utf8').trim() : null;
}

/** When the complete build was started, in ms; `null`: there is none. */
function builtFromMs(): number | null {
  if (!existsSync(STAMP) || !PRODUCTS.every((path) => existsSync(path))) return null;
  const { id, startedMs }: Stamp = JSON.parse(readFileSync(STAMP, 'utf8'));
  return id === buildId() ? startedMs : null;
}

/** Whether there is no complete build, or one older than its sources. */
function buildIsStale(): boolean {
  const startedMs = builtFromMs();
  if (startedMs === null) return true;
  return SOURCES.some((name) => {
    const path = join(root, name);
    return existsSync(path) && newestMs(path) > startedMs;
  });
}

/** Marks the build as incomplete, before a new one starts. */
function removeStamp(): void {
  rmSync(STAMP, { force: true });
}

/** Marks the build as complete. @param startedMs when it began: sources changed since then are newer */
function writeStamp(startedMs: number): void {
  const stamp: Stamp = { id: buildId(), startedMs };
  // appears whole or not at all
  writeFileSync(`${STAMP}.part`, JSON.stringify(stamp));
  renameSync(`${STAMP}.part`, STAMP);
}

/** Builds the app for production if there is no complete build, or one older than its sources. */
export async function ensureBuilt(): Promise<void> {
  const { copyRuntime } = await import('./copy-runtime');
  copyRuntime();
  const { buildKernels } = await import('./build-kernels');
  await buildKernels();
  if (buildIsStale())
    await alone(async () => {
      // another command may have built it meanwhile
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

/** Exists while a command builds; contains its process id. */
const LOCK = join(root, '.ai2text-building');

/** How often the holder of the lock shows that it is alive, and after which silence it counts as dead, in ms. */
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** Runs one build at a time in this folder: a second command waits for the first. */
async function alone(run: () => Promise<void>): Promise<void> {
  let hasSaid = false;
  while (!takeLock()) {
    const holder = lockHolder();
    if (holder === null) rmSync(LOCK, { force: true });
    else {
      const whose = holder === 'unknown' ? 'another build' : `the build of process ${holder}`;
      if (!hasSaid) console.log(`Waiting for ${whose}…`);
      hasSaid = true;
      await sleep(LOOK_EVERY_MS);
    }
  }
  const heartbeat = setInterval(() => utimesSync(LOCK, new Date(), new Date()), HEARTBEAT_MS);
  try {
    await run();
  } finally {
    clearInterval(heartbeat);
    rmSync(LOCK, { force: true });
  }
}

/** @returns false if the lock is held already, by a dead or a running process */
function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new PlainError(`This folder cannot be written (${codeOf(error)}): ${root}.`);
  }
}

/** The process that builds, or has not written its id yet; `null`: it is gone, and has left its lock. */
function lockHolder(): number | 'unknown' | null {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    if (Date.now() - statSync(LOCK).mtimeMs > SILENCE_MS) return null;
    // an empty lock was created just now: its id is about to be written
    if (!(pid > 0)) return 'unknown';
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // it runs, but is another user's
    if (codeOf(error) === 'EPERM') return Number(readFileSync(LOCK, 'utf8'));
    return null;
  }
}
