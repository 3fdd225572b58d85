import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { serveWork } from '@/lib/server/testing/test-work';
import { everything, newJob, QUEUES, withQueue } from './test-queues';

const isFull = process.env.TEST_LOAD === 'full';
/** Fewer show the same. */
const JOBS = isFull ? 500 : 30;
const WORKERS = 4;
const KILL_MS = 500;
/** What a killed worker had waits this long. */
const LEASE_MS = 1_500;
const TOKEN = 'a-token-for-the-workers-of-this-test';

it.each(QUEUES)(
  'every job is done once while workers are killed twice a second (%s)',
  { timeout: isFull ? 1_800_000 : 300_000 },
  async (kind) => {
    await withServer({ env: { WORKER_TOKEN: TOKEN } });
    const queue = withQueue(kind, LEASE_MS);
    const url = await serveWork();
    const jobs = Array.from({ length: JOBS }, (_, at) => newJob(at));
    // a fifth is announced twice
    expect(await queue.add(jobs)).toBe(JOBS);
    expect(await queue.add(jobs.slice(0, JOBS / 5))).toBe(0);
    const start = () => {
      const child = startChild('work-process', url, TOKEN);
      return { child, working: child.said() };
    };
    const workers = Array.from({ length: WORKERS }, start);
    let kills = 0;
    const undone = async () => (await everything()).jobs.filter(({ state }) => state !== 'done');
    let isOver = false;
    const over = (async () => {
      while ((await undone()).length > 0) await sleep(KILL_MS);
      isOver = true;
    })();
    while (!isOver) {
      const at = kills % WORKERS;
      const { child, working } = workers[at] ?? start();
      // on a busy machine none would come to work between two kills; where no work is left, none does
      await Promise.race([working, over]);
      await sleep(KILL_MS);
      await child.kill();
      workers[at] = start();
      kills += 1;
    }
    await over;
    const { batches } = await everything();
    const stored = batches.map(({ jobId, ordinal }) => `${jobId} ${ordinal}`);
    expect(stored.toSorted()).toEqual(jobs.flatMap(({ id }) => [0, 1, 2].map((n) => `${id} ${n}`)));
    console.info(`${kind}: ${JOBS} jobs, ${kills} kills`);
  },
);
