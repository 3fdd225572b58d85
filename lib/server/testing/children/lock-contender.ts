// A process that tries for the lock of a directory: for the tests of that lock. Reads commands as
// lines: `try DIRECTORY AT_MS` once, at that moment; `churn DIRECTORY FOR_MS` again and again, each time
// with a look whether somebody else believes to hold it as well; `free` lets go.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '@/lib/core/errors';
import { lockDirectory } from '@/lib/server/process/directory-lock';
import { fileErrorCode } from '@/lib/server/process/durable-files';

let letGo: () => void = () => undefined;

async function attempt(directory: string): Promise<'won' | 'busy'> {
  try {
    letGo = await lockDirectory(directory);
    return 'won';
  } catch (error) {
    if (isAppError(error) && error.code === 'SERVER_BUSY') return 'busy';
    throw error;
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (fileErrorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

/** Marks the directory as this process's; throws when one that lives has marked it as well. */
function mark(directory: string): () => void {
  const file = `${directory}.held`;
  for (;;) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file);
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error;
      const pid = Number(readFileSync(file, 'utf8'));
      if (lives(pid)) throw new Error(`It is held by ${pid} and by ${process.pid}.`);
      rmSync(file);
    }
  }
}

/** @returns how often it was held */
async function churn(directory: string, forMs: number): Promise<number> {
  const endMs = Date.now() + forMs;
  let held = 0;
  while (Date.now() < endMs) {
    if ((await attempt(directory)) === 'busy') continue;
    const unmark = mark(directory);
    held += 1;
    await sleep(Math.random() * 3);
    unmark();
    letGo();
  }
  return held;
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [command, directory = '', number] = line.split(' ');
  if (command === 'churn') console.log(`held ${await churn(directory, Number(number))}`);
  if (command === 'free') {
    letGo();
    console.log('freed');
  }
  if (command === 'try') {
    // all of them at the same moment, whatever started them late
    while (Date.now() < Number(number));
    console.log(await attempt(directory));
  }
}
