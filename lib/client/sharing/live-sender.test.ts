import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { applyFrame, type Captions, NO_CAPTIONS } from '@/lib/client/captions/captions';
import { LIVE_LIMITS, type LiveFrame } from '@/lib/contracts/live';
import { AppError } from '@/lib/core/errors';
import { deriveShareKeys, newShareSecret } from './envelope';
import { HEARTBEAT_MS, LiveSender, openFrame } from './live-sender';

/** What is being encrypted: that takes time of its own, which the fake clock does not know. */
let encrypting: Promise<unknown> | null = null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((...given) => {
    const sealed = encrypt(...given);
    encrypting = sealed;
    return sealed;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function listening(words: readonly string[], finalCount = words.length): Captions {
  return { ...NO_CAPTIONS, phase: 'listening', words, finalCount };
}

/** A server that takes frames, unless it cannot be reached or its answer is lost. */
class FakeServer {
  readonly taken: LiveFrame[] = [];
  reach: 'ok' | 'offline' | 'answer lost' | AppError = 'ok';

  readonly send = async (frame: LiveFrame) => {
    if (this.reach instanceof AppError) throw this.reach;
    if (this.reach === 'offline') throw new AppError('OFFLINE', 'There is no network.');
    if (frame.n === this.taken.length) this.taken.push(frame);
    else expect(frame).toEqual(this.taken[frame.n]);
    if (this.reach === 'answer lost') throw new AppError('OFFLINE', 'The answer was lost.');
  };
}

async function setUp(first: Captions = listening(['one'])) {
  const { live: key } = await deriveShareKeys(newShareSecret(), null);
  const captions = createStore(() => first);
  const server = new FakeServer();
  const sender = new LiveSender(captions, key, server.send, async () => undefined);
  /** What a follower has. */
  const followed = async () => {
    let shown = NO_CAPTIONS;
    for (const [n, frame] of server.taken.entries())
      shown = applyFrame(shown, await openFrame(key, n, frame));
    return shown;
  };
  return { captions, server, sender, followed };
}

/** Lets time pass, and all that was begun be done. */
async function pass(ms: number) {
  for (let left = ms; left > 0; left -= 500) {
    await vi.advanceTimersByTimeAsync(Math.min(500, left));
    while (encrypting) {
      const sealed = encrypting;
      encrypting = null;
      await sealed;
      await vi.advanceTimersByTimeAsync(0);
    }
  }
}

const aSecond = () => pass(1000);

describe('sending live text', () => {
  test('gives followers what is shown here, a change at a time', async () => {
    const { captions, followed, server } = await setUp();
    await aSecond();
    captions.setState(listening(['one', 'too'], 1));
    await aSecond();
    captions.setState(listening(['one', 'two', 'three'], 2));
    await aSecond();
    expect(await followed()).toEqual(captions.getState());
    expect(server.taken).toHaveLength(3);
  });

  test('sends afterwards what was said without a network, once and in order', async () => {
    const { captions, followed, sender, server } = await setUp();
    await aSecond();
    server.reach = 'answer lost';
    captions.setState(listening(['one', 'two']));
    await aSecond();
    server.reach = 'offline';
    captions.setState(listening(['one', 'two', 'three']));
    await pass(60_000);
    expect(sender.state.getState()).toEqual({ kind: 'waiting' });
    captions.setState(listening(['one', 'two', 'three', 'four']));
    server.reach = 'ok';
    await pass(15_000);
    expect(sender.state.getState()).toEqual({ kind: 'live' });
    expect(await followed()).toEqual(captions.getState());
    expect(server.taken.map(({ n }) => n)).toEqual([0, 1, 2]);
  });

  test('resumes at once when the browser has its network back', async () => {
    const browser = new EventTarget();
    vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
    vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
    const { captions, followed, server } = await setUp();
    await aSecond();
    server.reach = 'offline';
    captions.setState(listening(['one', 'two']));
    await pass(30_000);
    server.reach = 'ok';
    browser.dispatchEvent(new Event('online'));
    await aSecond();
    expect(await followed()).toEqual(captions.getState());
  });

  test('says from time to time that the recording is there', async () => {
    const { followed, captions, server } = await setUp();
    await aSecond();
    await pass(2.5 * HEARTBEAT_MS);
    expect(server.taken).toHaveLength(3);
    expect(await followed()).toEqual(captions.getState());
  });

  test('ends with the recording, and sends nothing of the next one', async () => {
    const { captions, sender, server, followed } = await setUp();
    await aSecond();
    captions.setState({ phase: 'ended', words: ['one', 'end'], finalCount: 2 });
    captions.setState(listening(['next']));
    await aSecond();
    expect(sender.state.getState()).toEqual({ kind: 'ended' });
    expect(await followed()).toMatchObject({ phase: 'ended', words: ['one', 'end'] });
    expect(server.taken.map(({ isLast }) => isLast)).toEqual([false, true]);
  });

  test('sends the end as soon as the recording has ended', async () => {
    const { captions, server, followed } = await setUp();
    await aSecond();
    captions.setState(listening(['one', 'two']));
    // sent, and the next frame would have to wait
    await pass(500);
    expect(server.taken).toHaveLength(2);
    captions.setState({ phase: 'ended', words: ['one', 'two', 'three'], finalCount: 3 });
    await pass(100);
    expect(await followed()).toEqual(captions.getState());
  });

  test('ends when asked to while the recording continues: unsure words are final then', async () => {
    const { captions, sender, followed } = await setUp(listening(['one', 'two'], 1));
    await aSecond();
    sender.end();
    captions.setState(listening(['one', 'two', 'three']));
    await aSecond();
    expect(await followed()).toMatchObject({
      phase: 'ended',
      words: ['one', 'two'],
      finalCount: 2,
    });
  });

  test('sends a long text that is there already in frames that the server takes', async () => {
    const words = Array.from({ length: 3000 }, (_, at) => `word${at}-${'x'.repeat(at % 150)}`);
    const { captions, followed, server } = await setUp(listening(words));
    await pass(60_000);
    expect(await followed()).toEqual(captions.getState());
    for (const { payload } of server.taken)
      expect(payload.length).toBeLessThanOrEqual(LIVE_LIMITS.frameLetters);
  });

  test('stops when the link was revoked', async () => {
    const { captions, sender, server } = await setUp();
    await aSecond();
    server.reach = new AppError('NOT_FOUND', 'There is no such share.');
    captions.setState(listening(['one', 'two']));
    await aSecond();
    expect(sender.state.getState()).toMatchObject({ kind: 'failed', error: { code: 'NOT_FOUND' } });
  });
});
