import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putBytes } from './store-transfer';

/** As much of the browser's own as is used; the test says what becomes of it. */
class FakeRequest {
  static last: FakeRequest;
  readonly upload: {
    onprogress?: (event: { loaded: number }) => void;
    onload?: () => void;
  } = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  readonly open = vi.fn();
  readonly setRequestHeader = vi.fn();
  readonly send = vi.fn();

  constructor() {
    FakeRequest.last = this;
  }

  abort(): void {
    this.onabort?.();
    this.onloadend?.();
  }

  answer(status: number, responseText: string): void {
    Object.assign(this, { status, responseText });
    this.onload?.();
    this.onloadend?.();
  }
}

const put = (signal = new AbortController().signal) =>
  putBytes('/api/x', new Uint8Array(10), { signal, onProgress: () => undefined });
const failsWith = (sending: Promise<void>, code: string) =>
  expect(sending).rejects.toMatchObject({ code });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an upload', () => {
  it('may take any time while something moves, and is slow when nothing does', async () => {
    const failed = failsWith(put(), 'CONNECTION_SLOW');
    for (let loaded = 0; loaded < 10; loaded += 1) {
      FakeRequest.last.upload.onprogress?.({ loaded });
      await vi.advanceTimersByTimeAsync(59_000);
    }
    await vi.advanceTimersByTimeAsync(1000);
    await failed;
  });

  it('is slow, not the server busy, when nothing of it ever moved', async () => {
    const failed = failsWith(put(), 'CONNECTION_SLOW');
    await vi.advanceTimersByTimeAsync(60_000);
    await failed;
  });

  it('finds the server busy when all of it was sent and no answer comes', async () => {
    const failed = failsWith(put(), 'SERVER_BUSY');
    FakeRequest.last.upload.onload?.();
    await vi.advanceTimersByTimeAsync(60_000);
    await failed;
  });

  it('is slow when the server or a proxy had waited too long for it', async () => {
    const ours = failsWith(put(), 'CONNECTION_SLOW');
    FakeRequest.last.answer(408, '{"code":"CONNECTION_SLOW","message":""}');
    await ours;
    const proxys = failsWith(put(), 'CONNECTION_SLOW');
    FakeRequest.last.answer(408, '<h1>Request Time-out</h1>');
    await proxys;
  });

  it('is not a failure when it was given up, before or while it was sent', async () => {
    await failsWith(put(AbortSignal.abort()), 'ABORTED');
    const controller = new AbortController();
    const failed = failsWith(put(controller.signal), 'ABORTED');
    controller.abort();
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });
});
