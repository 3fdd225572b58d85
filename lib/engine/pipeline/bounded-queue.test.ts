import { describe, expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue';

describe('BoundedQueue', () => {
  it('gives items in order, and null once it has ended', async () => {
    const queue = new BoundedQueue<number>(2, new AbortController().signal);
    const put = (async () => {
      for (const item of [1, 2, 3, 4, 5]) await queue.put(item);
      queue.end();
    })();
    const taken: number[] = [];
    for (let item = await queue.take(); item !== null; item = await queue.take()) taken.push(item);
    await put;
    expect(taken).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets no more items wait than it has room for', async () => {
    const queue = new BoundedQueue<number>(2, new AbortController().signal);
    await queue.put(1);
    await queue.put(2);
    let added = false;
    const third = queue.put(3).then(() => {
      added = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(added).toBe(false);
    expect(await queue.take()).toBe(1);
    await third;
    expect(added).toBe(true);
  });

  it('rejects those who wait, and those who come later, when the signal fires', async () => {
    const abort = new AbortController();
    const empty = new BoundedQueue<number>(1, abort.signal);
    const full = new BoundedQueue<number>(1, abort.signal);
    await full.put(1);
    const waiting = [empty.take(), full.put(2)];
    abort.abort();
    for (const step of [...waiting, empty.take(), full.put(3)])
      await expect(step).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
