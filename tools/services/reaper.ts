// Ends the servers of a test run and removes their files when the run is over, even if it was killed: it waits for the
// end of its standard input, which the system then closes.
// Arguments: the folder, and the files that contain the servers' process ids.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../command/errors';

const [folder = '', ...pidFiles] = process.argv.slice(2);

/** Process ids of our servers that still run, not those of other programs that got the same id since. */
function running(): number[] {
  return pidFiles.flatMap((file) => {
    if (!existsSync(file)) return [];
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    const facts = `/proc/${pid}/cmdline`;
    return existsSync(facts) && readFileSync(facts, 'utf8').includes(folder) ? [pid] : [];
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));
// PostgreSQL's immediate shutdown; its data are thrown away anyway
for (const pid of running()) signal(pid, 'SIGQUIT');
const endMs = Date.now() + 3_000;
while (running().length > 0 && Date.now() < endMs) await sleep(50);
for (const pid of running()) signal(pid, 'SIGKILL');
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
