// A project of its own for tests of the commands: our tools, with a bundler and a server in place of
// Next's that do nothing but say what they were asked, so that a build takes no time.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What start and build are made of. */
const FILES = [
  ...['run.mjs', 'tsconfig.json', 'start.ts', 'build.ts'],
  ...['app', 'command', 'service-worker'],
].map((name) => `tools/${name}`);

/** Writes what Next writes; `NEXT_DOES` says how it ends. */
const BUNDLER = `
const { fork } = require('node:child_process');
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
if (process.argv[2] === 'worker') return process.on('message', (text) => process.send(text));
appendFileSync('asked.log', process.argv[2] + ' ' + process.env.NODE_ENV + '\\n');
mkdirSync('.next/static', { recursive: true });
mkdirSync('.next/standalone/.next', { recursive: true });
writeFileSync('.next/BUILD_ID', String(Math.random()));
writeFileSync('.next/standalone/package.json', '{}');
writeFileSync('.next/standalone/server.js', process.env.SERVER);
console.log('bundling', process.pid);
if (process.env.NEXT_DOES === 'fail') process.exit(1);
if (process.env.NEXT_DOES === 'hang') setInterval(() => undefined, 1000);
if (process.env.NEXT_DOES === 'fork') {
  const worker = fork(__filename, ['worker']);
  worker.once('message', (text) => {
    appendFileSync('asked.log', text + '\\n');
    worker.disconnect();
  });
  // after it has had nothing to do for a while
  setTimeout(() => worker.send('worker'), 500);
}
if (process.env.NEXT_DOES === 'linger') setTimeout(() => undefined, 1000);
`;

/** Answers everybody, and ends in order when it is asked to. */
const SERVER = `
console.log('serving', process.pid);
const server = require('node:http').createServer((_, answer) => answer.end('ok'));
server.listen(process.env.PORT, process.env.HOSTNAME);
process.on('SIGTERM', () => process.exit(143));
`;

/** A command that runs. */
export interface Command {
  child: ChildProcess;
  /** All that it has said so far, on both outputs. */
  said(): string;
  /** The first match of what it says. @throws when it ends before */
  match(pattern: RegExp): Promise<RegExpExecArray>;
  /** How it ended: a code, or the name of a signal. */
  ended: Promise<number | string | null>;
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // there is no such process
  }
}

/** Makes a project that is gone when the test is over, with all that runs in it. */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-project-'));
  const children: ChildProcess[] = [];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  // the service worker is bundled with it
  const imported = 'lib/core/observed-requests.ts';
  for (const path of [...FILES, 'tsconfig.base.json', imported])
    cpSync(path, join(folder, path), { recursive: true });
  write('tools/app/copy-runtime.ts', 'export const copyRuntime = () => undefined;');
  write('tools/app/build-kernels.ts', 'export const buildKernels = async () => undefined;');
  write(
    'tools/app/bundle-download-worker.ts',
    `import { mkdirSync, writeFileSync } from 'node:fs';
    export function bundleDownloadWorker() {
      mkdirSync('public/hub', { recursive: true });
      writeFileSync('public/hub/download.js', '');
    }`,
  );
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['tsx', 'esbuild'])
    symlinkSync(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name));
  write('node_modules/next/dist/bin/next', BUNDLER);
  write('node_modules/next/package.json', '{}');
  write('package-lock.json', '{}');
  write('node_modules/.ai2text-lock', createHash('sha256').update('{}').digest('hex'));
  const scripts = { start: 'node tools/run.mjs tools/start.ts' };
  write('package.json', JSON.stringify({ type: 'module', scripts }));
  write('app/page.tsx', '');
  write('public/icon.svg', '');
  write('public/models/catalogue.json', '{"version":1,"models":[]}');

  const run = (program: string, args: string[], env: Record<string, string> = {}): Command => {
    const { npm_lifecycle_event: _outer, ...outer } = process.env;
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...outer, SERVER, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        child.emit('said');
      });
    let isOver = false;
    // when nobody is left who could say more
    const ended = once(child, 'close').then(([code, signal]) => {
      isOver = true;
      child.emit('said');
      return code ?? signal;
    });
    const match = async (pattern: RegExp) => {
      for (;;) {
        const found = pattern.exec(said);
        if (found) return found;
        if (isOver) throw new Error(`It ended, and had said:\n${said}`);
        await once(child, 'said');
      }
    };
    return { child, said: () => said, match, ended };
  };

  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    write,
    run,
    script: (name: string, env: Record<string, string> = {}) =>
      run(process.execPath, ['tools/run.mjs', `tools/${name}.ts`], env),
    remove: (path: string) => rmSync(join(folder, path), { recursive: true }),
    read: (path: string) => readFileSync(join(folder, path), 'utf8'),
  };
}
