import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const ROOM = new URL('./', import.meta.url);

/** A command that has a folder and something slow open, as those with browsers and servers have. */
const COMMAND = `
import { mkdirSync, rmSync } from 'node:fs';
const { main } = await import('${new URL('main.ts', ROOM)}');
const { onInterrupt, throwIfInterrupted } = await import('${new URL('interrupt.ts', ROOM)}');
const [folder, how] = process.argv.slice(1);
await main(async () => {
  mkdirSync(folder);
  let end;
  const ended = new Promise((resolve) => { end = resolve; });
  onInterrupt(() => { console.log('first closed'); });
  const takeBack = onInterrupt(() => { console.log('newest closed'); if (how !== 'stubborn') end(); });
  const alive = setInterval(() => undefined, 1000);
  console.log('open');
  if (how === 'done') { takeBack(); end(); }
  try {
    await ended;
    throwIfInterrupted();
  } finally {
    clearInterval(alive);
    rmSync(folder, { recursive: true });
  }
});
`;

let folder: string;
beforeEach(() => {
  const parent = mkdtempSync(join(tmpdir(), 'ai2text-interrupt-'));
  folder = join(parent, 'work');
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
});

/** Starts the command, and waits until it has everything open. */
async function start(how = 'obedient') {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', COMMAND, folder, how],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const opened = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes;
        if (said.includes('open')) resolve();
      });
  });
  const ended = once(child, 'close').then(([code]) => ({ code, said }));
  await opened;
  return { child, ended };
}

describe.skipIf(process.platform === 'win32')('a command that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'by %s closes what it has open, the newest first, and leaves nothing',
    async (signal, code) => {
      const { child, ended } = await start();
      expect(existsSync(folder)).toBe(true);
      child.kill(signal);
      const end = await ended;
      expect(end.code).toBe(code);
      expect(end.said).toMatch(/newest closed[\s\S]*first closed/);
      expect(end.said).toContain('Interrupted.');
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('takes the signal that npm passes on for the same press', async () => {
    const { child, ended } = await start();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(existsSync(folder)).toBe(false);
  });

  it('ends as usual when it is not', async () => {
    const { ended } = await start('done');
    expect(await ended).toEqual({ code: 0, said: 'open\n' });
    expect(existsSync(folder)).toBe(false);
  });
});
