// Whether there is a whole build, and whether it is of these sources.
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root } from '../command/root';
import { NEXT_FOLDER, STANDALONE } from './next';

const BUILD_ID = join(NEXT_FOLDER, 'BUILD_ID');
/** Written last; says which build is whole, and from when its sources are. */
const STAMP = join(NEXT_FOLDER, 'ai2text-build.json');

/** What a build has to have beside what Next says of itself. */
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

/** A file as `STAMP` is written. */
interface Stamp {
  id: string | null;
  startedMs: number;
}

function newestMs(path: string): number {
  const name = path.slice(root.length + 1).replaceAll('\\', '/');
  if (BUILT_FILES.has(name) || /\.test(-d)?\.tsx?$/.test(name)) return 0;
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  // `public` changes whenever the build writes into it: its files count, it does not
  const own = name === 'public' ? 0 : facts.mtimeMs;
  return readdirSync(path).reduce((ms, entry) => Math.max(ms, newestMs(join(path, entry))), own);
}

function buildId(): string | null {
  return existsSync(BUILD_ID) ? readFileSync(BUILD_ID, 'utf8').trim() : null;
}

/** From when the sources of the whole build are, in ms; `null`: there is none. */
function builtFromMs(): number | null {
  if (!existsSync(STAMP) || !PRODUCTS.every((path) => existsSync(path))) return null;
  const { id, startedMs }: Stamp = JSON.parse(readFileSync(STAMP, 'utf8'));
  return id === buildId() ? startedMs : null;
}

/** Whether there is no whole build, or one older than its sources. */
export function buildIsStale(): boolean {
  const startedMs = builtFromMs();
  if (startedMs === null) return true;
  return SOURCES.some((name) => {
    const path = join(root, name);
    return existsSync(path) && newestMs(path) > startedMs;
  });
}

/** A build that begins counts for nothing yet. */
export function removeStamp(): void {
  rmSync(STAMP, { force: true });
}

/** The build is whole. @param startedMs when it began: what changed since is newer */
export function writeStamp(startedMs: number): void {
  const stamp: Stamp = { id: buildId(), startedMs };
  // appears whole or not at all
  writeFileSync(`${STAMP}.part`, JSON.stringify(stamp));
  renameSync(`${STAMP}.part`, STAMP);
}
