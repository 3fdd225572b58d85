import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { database } from '@/lib/server/db';
import { newJob, withQueue } from '@/lib/server/queue/test-queues';
import { withServer } from '@/lib/server/testing/test-support';
import { metricsPage } from './metrics';

/** The value of a line of the page. */
async function figure(name: string): Promise<number> {
  const { text } = await metricsPage();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
}

describe('the page of metrics', () => {
  it('counts jobs and workers as they are now', async () => {
    await withServer();
    await database();
    const queue = withQueue('database', 60_000);
    expect(await figure('ai2text_workers')).toBe(0);
    await queue.add([newJob(1)]);
    await queue.lease({ id: crypto.randomUUID(), name: 'worker' }, 0, new AbortController().signal);
    expect(await figure('ai2text_workers')).toBe(1);
    expect(await figure('ai2text_work_jobs{state="leased"}')).toBe(1);
  });

  it('has its other figures while the database fails, or is silent', async () => {
    await withServer();
    const { db } = await database();
    const select = vi.spyOn(db, 'select').mockImplementation(() => {
      throw new Error('The database is down.');
    });
    onTestFinished(() => select.mockRestore());
    expect(await figure('process_start_time_seconds')).toBeGreaterThan(0);
    const silence = new Promise(() => undefined);
    select.mockReturnValue({ from: () => ({ groupBy: () => silence }) } as never);
    const askedMs = performance.now();
    expect(await figure('process_start_time_seconds')).toBeGreaterThan(0);
    expect(performance.now() - askedMs).toBeLessThan(8_000);
  }, 15_000);
});
