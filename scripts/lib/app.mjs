// Installs, builds and serves the app. Node built-ins only: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const STAMP = join(root, 'node_modules', '.ai2text-lock');
const BUILD_ID = join(root, '.next', 'BUILD_ID');

/** What the build is made from; anything newer than the build makes it stale. */
const SOURCES = [
  'app',
  'lib',
  'workers',
  'public',
  'next.config.ts',
  'postcss.config.mjs',
  'package-lock.json',
  'scripts/service-worker.mjs',
  'scripts/service-worker.template.js',
  'scripts/copy-runtime.mjs',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** Made by the build itself. */
const BUILT_FILES = new Set(['public/sw.js', 'public/ort', 'public/ffmpeg', 'public/vad']);

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
  if (!buildIsStale()) return;
  console.log('Building…');
  runOrThrow(process.execPath, [nextBin(), 'build'], 'The build', { env: nextEnv() });
  const { writeServiceWorker } = await import('../service-worker.mjs');
  writeServiceWorker();
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

/**
 * Serves the build. Resolves when it answers.
 * @param {{port: number, host?: string, quiet?: boolean}} options
 * @returns {Promise<{url: string, close: () => Promise<void>, exited: Promise<number>}>}
 */
export async function startServer({ port, host = 'localhost', quiet = true }) {
  // another program would answer in our place
  await ensureFree(port, host);
  const child = spawn(process.execPath, [nextBin(), 'start', '-p', String(port), '-H', host], {
    cwd: root,
    stdio: ['ignore', quiet ? 'ignore' : 'pipe', 'inherit'],
    env: nextEnv(),
  });
  const exited = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 0));
  });
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const url = `http://${shown}:${port}`;
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
