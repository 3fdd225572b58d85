// Finds a Chromium to drive, or installs one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError } from '../command/errors';
import { root } from '../command/root';

/** Names in the search path, the free build first. */
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'msedge',
];

/** The same engine without windows and their drawing, as Debian names it: pages are ready in two thirds of the time. */
const HEADLESS_SHELL = 'chromium-headless-shell';

/** Where installers put it outside the search path. */
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
];

/** Flags for quiet, repeatable runs: no updates, no calls home. */
export const CHROMIUM_ARGS = [
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function inSearchPath(names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const ending = process.platform === 'win32' ? '.exe' : '';
  return folders.flatMap((folder) => names.map((name) => join(folder, `${name}${ending}`)));
}

const installed = () => [...inSearchPath(NAMES), ...PLACES];

/** Whether this program is there and starts; some systems have a stub that only says how to install. */
function starts(path: string): boolean {
  if (!existsSync(path)) return false;
  // on Windows `--version` opens a window instead of answering
  if (process.platform === 'win32') return true;
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 && /\d+\.\d+/.test(stdout);
}

/** The path of Playwright's own build, whether it is there or not. */
async function playwrightBuild(): Promise<string> {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

function install(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', timeout: 900_000 });
  return status === 0;
}

const asRootOfDebian = () => existsSync('/etc/debian_version') && process.getuid?.() === 0;

/** The headless shell, installed where that is one package; undefined where there is none. */
function headlessShell(): string | undefined {
  const found = () => inSearchPath([HEADLESS_SHELL]).find(starts);
  const there = found();
  if (there || !asRootOfDebian()) return there;
  console.log(`Installing ${HEADLESS_SHELL}, in which tests take two thirds of the time…`);
  install('apt-get', ['install', '-y', '-qq', HEADLESS_SHELL]) ||
    (install('apt-get', ['update', '-qq']) &&
      install('apt-get', ['install', '-y', '-qq', HEADLESS_SHELL]));
  return found();
}

/**
 * The path of a Chromium that starts: `CHROMIUM_PATH`, an installed one, Playwright's, or one that
 * is installed now.
 * @param options `shell`: the headless shell, where it can be had. It has no WebGPU.
 * @throws {PlainError} one sentence that says what to install
 */
export async function findChromium({ shell = false }: { shell?: boolean } = {}): Promise<string> {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) {
    if (starts(CHROMIUM_PATH)) return CHROMIUM_PATH;
    throw new PlainError(`CHROMIUM_PATH is ${CHROMIUM_PATH}, but no browser starts there.`);
  }
  const found = (shell && headlessShell()) || installed().find(starts);
  if (found) return found;
  const own = await playwrightBuild();
  if (starts(own)) return own;

  console.log('No Chromium found: installing one…');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  if (install(process.execPath, [cli, 'install', 'chromium']) && starts(own)) return own;
  if (asRootOfDebian()) {
    install('apt-get', ['update']);
    if (install('apt-get', ['install', '-y', 'chromium'])) {
      const now = installed().find(starts);
      if (now) return now;
    }
  }
  throw new PlainError(
    'No Chromium could be found or installed: install Chromium or Chrome, or set CHROMIUM_PATH to one.',
  );
}
