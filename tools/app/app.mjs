// Installs, builds and serves the app. Node built-ins only: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlainError, root } from '../command/command.mjs';

export { main, PlainError, root } from '../command/command.mjs';
export { ensureBuilt } from './build.mjs';
export { listenHost, startServer } from './server-process.mjs';

const STAMP = join(root, 'node_modules', '.ai2text-lock');

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
  // with all of them, also where NODE_ENV would leave those of the tests out
  const args = ['install', '--include=dev', '--no-audit', '--no-fund', '--no-save'];
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) throw new PlainError('npm install failed; the lines above say why.');
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
}
