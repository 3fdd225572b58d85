import { describe, expect, it, vi } from 'vitest';
import { createYielder, yieldToEventLoop } from './event-loop';

describe('yieldToEventLoop', () => {
  it('lets in what waits in the event loop', async () => {
    const { port1, port2 } = new MessageChannel();
    const heard: string[] = [];
    port1.onmessage = ({ data }) => heard.push(data);
    port2.postMessage('cancel');
    await Promise.resolve();
    expect(heard).toEqual([]);
    await yieldToEventLoop();
    expect(heard).toEqual(['cancel']);
    port1.close();
  });

  it('stops the work when an abort came in meanwhile', async () => {
    const controller = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => controller.abort();
    port2.postMessage(null);
    await expect(yieldToEventLoop(controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    port1.close();
  });

  it('stops at once when the abort came before', async () => {
    await expect(yieldToEventLoop(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('createYielder', () => {
  it('yields to the event loop now and then, and notices each abort', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const controller = new AbortController();
    const pause = createYielder(controller.signal);
    const { port1, port2 } = new MessageChannel();
    let heard = 0;
    port1.onmessage = () => {
      heard += 1;
    };
    port2.postMessage(null);
    await pause();
    expect(heard).toBe(1);
    port2.postMessage(null);
    await pause(); // so soon after the last turn it goes straight on
    expect(heard).toBe(1);
    now.mockReturnValue(2000);
    await pause();
    expect(heard).toBe(2);
    controller.abort();
    await expect(pause()).rejects.toMatchObject({ code: 'ABORTED' });
    port1.close();
    now.mockRestore();
  });
});
