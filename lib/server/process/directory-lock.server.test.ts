import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { startChild, type TestChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { lockDirectory } from './directory-lock';

let directory = '';

beforeEach(async () => {
  directory = join((await withServer()).dataDir, 'kept');
});

async function contenders(count: number): Promise<TestChild[]> {
  const started = Array.from({ length: count }, () => startChild('lock-contender'));
  for (const child of started) expect(await child.said()).toBe('ready');
  return started;
}

/** What is left of a holder that was killed. */
async function leaveStaleLock(at: string): Promise<void> {
  const [dead] = await contenders(1);
  dead?.tell(`try ${at} 0`);
  expect(await dead?.said()).toBe('won');
  await dead?.kill();
}

/** What a ticket says of a process that died: a number and a start that no process has together. */
async function deadTicket(): Promise<string> {
  const letGo = await lockDirectory(directory);
  const [newest] = (await readdir(`${directory}.lock`)).map(Number).sort((a, b) => b - a);
  const [pid, place] = (await readFile(join(`${directory}.lock`, String(newest)), 'utf8')).split(
    '\n',
  );
  letGo();
  return `${pid}\n${place}\n12345\n`;
}

/** The ticket of a holder that this process cannot see. */
async function leaveForeignLock(silentMs: number): Promise<void> {
  await mkdir(`${directory}.lock`);
  const ticket = join(`${directory}.lock`, '1');
  await writeFile(ticket, '1\nanother-kernel pid:[1]\n77\n');
  const at = new Date(Date.now() - silentMs);
  await utimes(ticket, at, at);
}

test('refuses a second holder in a sentence that names the way out', async () => {
  const letGo = await lockDirectory(directory);
  const refused = lockDirectory(directory);
  await expect(refused).rejects.toMatchObject({
    code: 'SERVER_BUSY',
    details: { pid: process.pid },
  });
  await expect(refused).rejects.toThrow(/in use by process \d+\. .*set DATABASE_URL/);
  letGo();
  (await lockDirectory(directory))();
});

test('refuses another process, and lets it in when this one lets go', async () => {
  const letGo = await lockDirectory(directory);
  const [other] = await contenders(1);
  other?.tell(`try ${directory} 0`);
  expect(await other?.said()).toBe('busy');
  letGo();
  other?.tell(`try ${directory} 0`);
  expect(await other?.said()).toBe('won');
});

test('takes over from a process that was killed', async () => {
  await leaveStaleLock(directory);
  (await lockDirectory(directory))();
});

test('takes over from a process that is dead but has a parent that does not ask after it', async () => {
  const letGo = await lockDirectory(directory);
  // the shell becomes `sleep`, which does not know of its child
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = await once(parent.stdout, 'data');
  const pid = Number(line);
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const mine = await readFile(join(`${directory}.lock`, '1'), 'utf8');
  const place = mine.split('\n')[1];
  letGo();
  await writeFile(join(`${directory}.lock`, '2'), [pid, place, stat.split(' ')[21], ''].join('\n'));
  (await lockDirectory(directory))();
});

test('knows a holder whose number went to another process as dead', async () => {
  const ticket = await deadTicket();
  await writeFile(join(`${directory}.lock`, '2'), ticket);
  (await lockDirectory(directory))();
});

test('believes that a holder in another container lives as long as it shows signs of life', async () => {
  await leaveForeignLock(30_000);
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
});

test('takes over from a holder in another container after a minute of silence', async () => {
  await leaveForeignLock(61_000);
  (await lockDirectory(directory))();
});

test('keeps the folder of tickets small', async () => {
  for (let count = 0; count < 30; count += 1) (await lockDirectory(directory))();
  expect((await readdir(`${directory}.lock`)).length).toBeLessThan(12);
});

test('lets exactly one of many processes take over, time after time', {
  timeout: 60_000,
}, async () => {
  const racers = await contenders(8);
  const dead = await deadTicket();
  for (let round = 0; round < 40; round += 1) {
    const at = `${directory}-${round}`;
    await mkdir(`${at}.lock`);
    await writeFile(join(`${at}.lock`, '1'), dead);
    const startMs = Date.now() + 20;
    for (const racer of racers) racer.tell(`try ${at} ${startMs}`);
    const results = await Promise.all(racers.map((racer) => racer.said()));
    expect(results.filter((how) => how === 'won')).toHaveLength(1);
    expect(results.filter((how) => how === 'busy')).toHaveLength(racers.length - 1);
    for (const racer of racers) racer.tell('free');
    await Promise.all(racers.map((racer) => racer.said()));
  }
});

test('is never held twice while processes come, go and are killed', {
  timeout: 60_000,
}, async () => {
  const racers = await contenders(6);
  for (const racer of racers) racer.tell(`churn ${directory} 4000`);
  for (const racer of racers.slice(0, 2)) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await racer.kill();
  }
  const results = await Promise.all(racers.slice(2).map((racer) => racer.said()));
  const held = results.map((how) => Number(/^held (\d+)$/.exec(how ?? '')?.[1] ?? Number.NaN));
  expect(results.filter((how) => !how?.startsWith('held'))).toEqual([]);
  // they took turns, many times
  expect(held.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(50);
});
