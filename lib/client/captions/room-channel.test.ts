import { afterEach, describe, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Locks } from '@/lib/client/store';
import { type Captions, NO_CAPTIONS } from './captions';
import { followCaptions, publishCaptions } from './room-channel';

/** Locks of one browser: the first holder keeps a name until `close` is called. */
function fakeLocks() {
  const waiting: (() => void)[] = [];
  const request = (_name: string, ...rest: unknown[]) => {
    const grant = rest.at(-1) as () => unknown; // the last argument, by the API
    if (rest.length === 1) grant();
    else waiting.push(grant);
    return Promise.resolve();
  };
  const close = () => {
    for (const grant of waiting) grant();
  };
  return { request: request as Locks['request'], close };
}

let life = new AbortController();
afterEach(() => {
  life.abort();
  life = new AbortController();
});

function listening(words: readonly string[], finalCount = words.length): Captions {
  return { ...NO_CAPTIONS, phase: 'listening', words, finalCount };
}

describe('captions in another window', () => {
  test('are all there from the start, and follow each change', async () => {
    const locks = fakeLocks();
    const captions = createStore(() => listening(['one', 'too'], 1));
    const room = followCaptions(publishCaptions(captions, locks), life.signal, locks);
    await vi.waitFor(() => expect(room.getState().connection).toBe('open'));
    captions.setState(listening(['one', 'two', 'three'], 2));
    await vi.waitFor(() => expect(room.getState().captions).toEqual(captions.getState()));
    captions.setState({ phase: 'paused' });
    await vi.waitFor(() => expect(room.getState().captions.phase).toBe('paused'));
  });

  test('are emptied by the next recording', async () => {
    const locks = fakeLocks();
    const captions = createStore(() => listening(['old']));
    const room = followCaptions(publishCaptions(captions, locks), life.signal, locks);
    await vi.waitFor(() => expect(room.getState().connection).toBe('open'));
    captions.setState({ ...NO_CAPTIONS });
    await vi.waitFor(() => expect(room.getState().captions.words).toEqual([]));
  });

  test('of another tab are not shown', async () => {
    const locks = fakeLocks();
    const mine = createStore(() => listening(['mine']));
    const other = createStore(() => listening(['other']));
    publishCaptions(other, locks);
    const room = followCaptions(publishCaptions(mine, locks), life.signal, locks);
    await vi.waitFor(() => expect(room.getState().connection).toBe('open'));
    other.setState(listening(['other', 'words']));
    mine.setState(listening(['mine', 'too']));
    await vi.waitFor(() => expect(room.getState().captions.words).toEqual(['mine', 'too']));
  });

  test('stay when the tab that records goes away, and say that it has', async () => {
    const locks = fakeLocks();
    const captions = createStore(() => listening(['one']));
    const room = followCaptions(publishCaptions(captions, locks), life.signal, locks);
    await vi.waitFor(() => expect(room.getState().connection).toBe('open'));
    locks.close();
    expect(room.getState()).toMatchObject({ connection: 'lost', captions: { words: ['one'] } });
  });

  test('that have ended are not lost', async () => {
    const locks = fakeLocks();
    const captions = createStore<Captions>(() => ({ ...listening(['one']), phase: 'ended' }));
    const room = followCaptions(publishCaptions(captions, locks), life.signal, locks);
    await vi.waitFor(() => expect(room.getState().connection).toBe('open'));
    locks.close();
    expect(room.getState().connection).toBe('open');
  });
});
