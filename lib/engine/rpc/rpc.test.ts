import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { createClient, type WorkerLike } from './client';
import { type Handlers, Transferred } from './protocol';
import { type ServerPort, serve } from './server';

interface Math2 {
  double: { params: number; result: number };
  count: { params: number; result: string; progress: number };
  hang: { params: null; result: null };
  stubborn: { params: null; result: null };
  fail: { params: { fatal: boolean }; result: null };
  reverse: { params: Float32Array; result: Float32Array };
}

const handlers: Handlers<Math2> = {
  double: async (value) => value * 2,
  count: async (upTo, { progress }) => {
    for (let i = 1; i <= upTo; i++) progress(i);
    return 'done';
  },
  hang: (_params, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new AppError('ABORTED', 'stopped')));
    }),
  stubborn: () => new Promise(() => undefined),
  fail: async ({ fatal }) => {
    throw new AppError('GPU_DEVICE_LOST', 'gone', { fatal, details: { adapter: 'x' } });
  },
  reverse: async (values) => {
    const out = values.slice().reverse();
    return new Transferred(out, [out.buffer]);
  },
};

/** A worker made of a message channel: real structured clone, real transfer, no thread. */
class PortWorker extends EventTarget {
  static alive: PortWorker[] = [];
  readonly port: MessagePort;
  private readonly far: MessagePort;
  terminated = false;

  constructor(silent = false) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.far = port2;
    port1.addEventListener('message', (event) => {
      this.dispatchEvent(new MessageEvent('message', { data: event.data }));
    });
    port1.start();
    if (!silent) serve<Math2>(port2 as unknown as ServerPort, handlers); // Node's port type differs
    PortWorker.alive.push(this);
  }

  postMessage(message: unknown, transfer: Transferable[]) {
    this.port.postMessage(message, transfer);
  }

  terminate() {
    this.terminated = true;
    this.port.close();
    this.far.close();
  }
}

const spawn = (silent = false) => new PortWorker(silent) as unknown as WorkerLike;
const newest = () => PortWorker.alive.at(-1) as PortWorker; // every test makes one

afterEach(() => {
  for (const worker of PortWorker.alive.splice(0)) worker.terminate();
  vi.useRealTimers();
});

describe('typed worker calls', () => {
  it('answers calls that overlap, each with its own result', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    expect(await Promise.all([1, 2, 3].map((n) => client.call('double', n)))).toEqual([2, 4, 6]);
  });

  it('still works after a call that failed', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    await expect(client.call('fail', { fatal: false })).rejects.toMatchObject({
      code: 'GPU_DEVICE_LOST',
      details: { adapter: 'x' },
      fatal: false,
    });
    expect(await client.call('double', 4)).toBe(8);
    expect(PortWorker.alive).toHaveLength(1);
  });

  it('moves buffers instead of copying them', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const values = new Float32Array([1, 2, 3]);
    const back = await client.call('reverse', values, { transfer: [values.buffer] });
    expect(Array.from(back)).toEqual([3, 2, 1]);
    expect(values.byteLength).toBe(0);
  });

  it('reports progress sparsely, and always the last value', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const seen: number[] = [];
    await client.call('count', 1000, { onProgress: (value) => seen.push(value) });
    expect(seen.at(-1)).toBe(1000);
    expect(seen.length).toBeLessThan(50);
  });

  it('rejects with ABORTED when a call is cancelled, and keeps the worker', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const abort = new AbortController();
    const call = client.call('hang', null, { signal: abort.signal });
    const behind = client.call('double', 1);
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await behind).toBe(2);
    expect(newest().terminated).toBe(false);
  });

  it('answers the cancel of a call that waits its turn at once, and leaves the others alone', async () => {
    const client = createClient<Math2>(spawn, { name: 'math', cancelTimeoutMs: 50 });
    const first = new AbortController();
    const running = client.call('hang', null, { signal: first.signal });
    const second = new AbortController();
    const waiting = client.call('double', 1, { signal: second.signal });
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(newest().terminated).toBe(false);
    first.abort();
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    expect(PortWorker.alive).toHaveLength(1);
  });

  it('ends a worker that does not obey a cancel, and starts another for the next call', async () => {
    const client = createClient<Math2>(spawn, { name: 'math', cancelTimeoutMs: 20 });
    const abort = new AbortController();
    const call = client.call('stubborn', null, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    expect(newest().terminated).toBe(true);
    expect(await client.call('double', 2)).toBe(4);
    expect(PortWorker.alive).toHaveLength(2);
  });

  it('rejects every pending call when the worker crashes', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const calls = [client.call('stubborn', null), client.call('double', 1)];
    newest().dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ code: 'WORKER_CRASHED', fatal: true });
    expect(await client.call('double', 5)).toBe(10);
  });

  it('drops a worker after a fatal error', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    await expect(client.call('fail', { fatal: true })).rejects.toMatchObject({ fatal: true });
    expect(newest().terminated).toBe(true);
  });

  it('rejects when a worker never becomes ready', async () => {
    const client = createClient<Math2>(() => spawn(true), { name: 'math', readyTimeoutMs: 20 });
    await expect(client.call('double', 1)).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('ends a worker that does not answer', async () => {
    const client = createClient<Math2>(spawn, { name: 'math', callTimeoutMs: 20 });
    await expect(client.call('stubborn', null)).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      fatal: true,
    });
    expect(newest().terminated).toBe(true);
    expect(await client.call('double', 3)).toBe(6);
  });

  it('rejects a call whose parameters cannot be posted, and only that one', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const unclonable = (() => undefined) as unknown as number; // what a cast elsewhere could let through
    await expect(client.call('double', unclonable)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await client.call('double', 1)).toBe(2);
  });

  it('is released when nothing waits, and starts again with the next call', async () => {
    const client = createClient<Math2>(spawn, { name: 'math', cancelTimeoutMs: 50 });
    const abort = new AbortController();
    const busy = client.call('hang', null, { signal: abort.signal });
    client.release();
    expect(newest().terminated).toBe(false);
    abort.abort();
    await expect(busy).rejects.toMatchObject({ code: 'ABORTED' });
    client.release();
    expect(newest().terminated).toBe(true);
    expect(await client.call('double', 2)).toBe(4);
  });

  it('rejects pending and later calls once disposed', async () => {
    const client = createClient<Math2>(spawn, { name: 'math' });
    const call = client.call('stubborn', null);
    client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(client.call('double', 1)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
