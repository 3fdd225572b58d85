// @ts-check
// node tools/run.mjs [FILE.ts [ARGUMENTS]]: installs the locked dependencies when they are missing or were
// locked again since, then runs a TypeScript file in this process; without one it only installs. The one part
// of the tools that is plain JavaScript, with Node's own modules alone: nothing has to be there before it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const STAMP = join(root, 'node_modules', '.ai2text-lock');

/** @returns {string | null} a sentence that says why they cannot be installed */
function install() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 9))
    return `Node 20.9 or newer is needed; this is ${process.versions.node}.`;
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return null;
  console.log('Installing dependencies…');
  // not `npm ci`: some npm versions refuse locks that leave out other platforms' optional packages
  // with all of them, also where NODE_ENV would leave those of the tests out
  const args = ['install', '--include=dev', '--no-audit', '--no-fund', '--no-save'];
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) return 'npm install failed; the lines above say why.';
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
  return null;
}

/** @param {string} file to be run as if Node had been started with it */
async function run(file) {
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: join(root, 'tools', 'tsconfig.json') });
  const path = resolve(file);
  process.argv.splice(1, 2, path);
  await import(pathToFileURL(path).href);
}

const problem = install();
const [, , file] = process.argv;
if (problem !== null) {
  console.error(problem);
  process.exitCode = 1;
} else if (file !== undefined) await run(file);
