// Installs, builds and serves the app. Node built-ins only: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const STAMP = join(root, 'node_modules', '.ai2text-lock');
const BUILD_ID = join(root, '.next', 'BUILD_ID');
/** What the build makes to be run by itself. */
const STANDALONE = join(root, '.next', 'standalone');

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
  'scripts/service-worker.mjs',
  'scripts/service-worker.template.js',
  'scripts/copy-runtime.mjs',
  'scripts/build-kernels.mjs',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** Made by the build itself. */
const BUILT_FILES = new Set([
  'public/sw.js',
  'public/ort',
  'public/kernels',
  'public/ffmpeg',
  'public/vad',
]);

/** A failure that is told in one sentence, without a stack. */
export class PlainError extends Error {}

/** Runs a command in the project and throws when it fails. */
export function runOrThrow(command, args, what, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error || status !== 0) throw new PlainError(`${what} failed.`);
}

/** Installs the locked dependencies when they are missing or were locked anew since. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 9))
    throw new PlainError(`Node 20.9 or newer is needed; this is ${process.versions.node}.`);
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  console.log('Installing dependencies…');
  // not `npm ci`: some npm versions refuse locks that leave out other platforms' optional packages
  runOrThrow('npm', ['install', '--no-audit', '--no-fund', '--no-save'], 'npm install', {
    shell: process.platform === 'win32',
  });
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
}

function newestMs(path) {
  const name = path.slice(root.length + 1).replaceAll('\\', '/');
  if (BUILT_FILES.has(name) || /\.test(-d)?\.tsx?$/.test(name)) return 0;
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  // `public` changes whenever the build writes into it: its files count, it does not
  const own = name === 'public' ? 0 : facts.mtimeMs;
  return readdirSync(path).reduce((ms, entry) => Math.max(ms, newestMs(join(path, entry))), own);
}

function buildIsStale() {
  if (!existsSync(BUILD_ID)) return true;
  const builtMs = statSync(BUILD_ID).mtimeMs;
  return SOURCES.some((name) => {
    const path = join(root, name);
    return existsSync(path) && newestMs(path) > builtMs;
  });
}

/** Nothing is reported to anyone. */
const nextEnv = () => ({ ...process.env, NEXT_TELEMETRY_DISABLED: '1' });

const nextBin = () => join(root, 'node_modules', 'next', 'dist', 'bin', 'next');

/** Builds the app for production when the build is missing or older than its sources. */
export async function ensureBuilt() {
  const { copyRuntime } = await import('../copy-runtime.mjs');
  copyRuntime();
  const { buildKernels } = await import('../build-kernels.mjs');
  await buildKernels();
  if (!buildIsStale()) return;
  console.log('Building…');
  runOrThrow(process.execPath, [nextBin(), 'build'], 'The build', { env: nextEnv() });
  const { writeServiceWorker } = await import('../service-worker.mjs');
  writeServiceWorker();
  linkFiles();
}

/**
 * Lets the standalone server find the files that it serves as they are. They are linked, not copied:
 * models and runtimes are a hundred megabytes.
 */
function linkFiles() {
  for (const [target, link] of [
    [join(root, 'public'), join(STANDALONE, 'public')],
    [join(root, '.next', 'static'), join(STANDALONE, '.next', 'static')],
  ]) {
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

/** The address to listen on. A machine's own name, set by shells and containers, is no choice. */
export function listenHost() {
  const { HOSTNAME } = process.env;
  return HOSTNAME && HOSTNAME !== hostname() ? HOSTNAME : 'localhost';
}

/** Makes sure that nothing listens on the port. */
function ensureFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) =>
      reject(new PlainError(`Port ${port} cannot be used (${error.code}): set PORT to another.`)),
    );
    probe.listen(port, host, () => probe.close(resolve));
  });
}

/** Version, addresses and how long it took: `npm start` says what of it is right. */
const NEXT_GREETING = /^\s*([▲✓-] |$)/;

/** What the standalone server goes by. It works in its own folder, which each build makes anew. */
function serverEnv(url, port, host, given) {
  const env = { NEXTAUTH_URL: url, DATA_DIR: 'data', ...nextEnv(), ...given };
  return {
    ...env,
    DATA_DIR: resolve(root, env.DATA_DIR || 'data'),
    NODE_ENV: 'production',
    PORT: String(port),
    HOSTNAME: host,
  };
}

/**
 * Serves the build. Resolves when it answers.
 * @param {{port: number, host?: string, env?: Record<string, string>,
 *   print?: (line: string) => void}} options `env`: beside this process's own; `print`: gets what
 *   the server says, less Next's greeting
 * @returns {Promise<{url: string, close: () => Promise<void>, exited: Promise<number>}>}
 */
export async function startServer({ port, host = 'localhost', env = {}, print }) {
  // another program would answer in our place
  await ensureFree(port, host);
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const url = `http://${shown}:${port}`;
  const child = spawn(process.execPath, [join(STANDALONE, 'server.js')], {
    cwd: STANDALONE,
    stdio: ['ignore', print ? 'pipe' : 'ignore', 'inherit'],
    env: serverEnv(url, port, host, env),
  });
  if (print)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!NEXT_GREETING.test(stripVTControlCharacters(line))) print(line);
    });
  const exited = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 0));
  });
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  const givenUpMs = Date.now() + 60_000;
  for (;;) {
    if (gone) throw new PlainError(`The server did not start (is port ${port} in use?).`);
    try {
      await fetch(url, { signal: AbortSignal.timeout(5_000) });
      break;
    } catch (error) {
      if (Date.now() > givenUpMs) {
        child.kill('SIGTERM');
        throw new PlainError(`No answer from ${url}: ${error.message}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const close = async () => {
    if (!gone) child.kill('SIGTERM');
    await exited;
  };
  return { url, close, exited };
}

/** Runs a script's main function: plain errors in one line, others with their stack. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof PlainError ? error.message : error);
    process.exitCode = 1;
  }
}
