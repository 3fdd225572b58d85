import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { AppError } from '@/lib/core/errors';
import { LiveTextFeed } from './live-feed';
import type { LiveEngine, RecordingState } from './ports';
import { NO_RECORDING } from './recording';
import { quiet, spoken, TestEngine } from './test-speech';

/** A piece as the worklet gives it: a tenth of a second. */
const PIECE_SAMPLES = 1600;

let pushed = 0;
const state = createStore<RecordingState>(() => NO_RECORDING);
const failures = vi.fn();

beforeEach(() => {
  pushed = 0;
  state.setState(NO_RECORDING, true);
  failures.mockClear();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  return () => vi.restoreAllMocks();
});

const feedOf = (open: (signal: AbortSignal) => Promise<LiveEngine>) =>
  new LiveTextFeed(open, {
    onChange: (change) => state.setState(change),
    onFailure: failures,
  });

async function hear(feed: LiveTextFeed, pcm: Float32Array): Promise<void> {
  for (let from = 0; from < pcm.length; from += PIECE_SAMPLES) {
    feed.push({ startSample: pushed, pcm: pcm.slice(from, from + PIECE_SAMPLES) });
    pushed += PIECE_SAMPLES;
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const shown = () =>
  state.getState().paragraphs.map(({ words }) => words.map(({ text }) => text).join(' '));

describe('LiveTextFeed', () => {
  it('shows what was said while the model was loading', async () => {
    let loaded: (engine: LiveEngine) => void = () => undefined;
    const feed = feedOf(() => new Promise((resolve) => (loaded = resolve)));
    await hear(feed, spoken(1, 4));
    expect(state.getState().liveModel).toBeNull();
    loaded(new TestEngine());
    await hear(feed, quiet(1));
    expect(state.getState().liveModel).toBe('Test model');
    expect(shown()).toEqual(['w1 w2 w3 w4']);
    await feed.close();
  });

  it('finalises what was said before a pause, even if the model loads during it', async () => {
    let loaded: (engine: LiveEngine) => void = () => undefined;
    const feed = feedOf(() => new Promise((resolve) => (loaded = resolve)));
    await hear(feed, spoken(1, 4));
    feed.flush();
    loaded(new TestEngine());
    await vi.waitFor(() => expect(shown()).toEqual(['w1 w2 w3 w4']));
    await feed.close();
  });

  it('leaves all but the last half minute of a slow start to the final pass', async () => {
    let loaded: (engine: LiveEngine) => void = () => undefined;
    const feed = feedOf(() => new Promise((resolve) => (loaded = resolve)));
    await hear(feed, spoken(1, 80));
    loaded(new TestEngine());
    await hear(feed, quiet(1));
    await vi.waitFor(() => expect(shown().join(' ')).toMatch(/w80$/));
    expect(shown().join(' ')).not.toContain('w19 ');
    await feed.close();
  });

  it('starts a new paragraph after a long pause, from its first word on', async () => {
    const feed = feedOf(async () => new TestEngine());
    await hear(feed, spoken(1, 3));
    await hear(feed, quiet(2.5));
    expect(shown()).toEqual(['w1 w2 w3']);
    await hear(feed, spoken(4, 2));
    expect(shown()[0]).toBe('w1 w2 w3');
    expect(state.getState().paragraphs).toHaveLength(2);
    await hear(feed, quiet(1));
    expect(shown()).toEqual(['w1 w2 w3', 'w4 w5']);
    await feed.close();
  });

  it('uses no timers, which browsers throttle in the background', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const intervals = vi.spyOn(globalThis, 'setInterval');
    const feed = feedOf(async () => new TestEngine());
    await hear(feed, spoken(1, 6));
    await hear(feed, quiet(3));
    await hear(feed, spoken(7, 6));
    await feed.close();
    expect(shown().join(' ')).toBe('w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12');
    expect(timers).not.toHaveBeenCalled();
    expect(intervals).not.toHaveBeenCalled();
  });

  it('finalises the open segment before it releases the engine', async () => {
    const engine = new TestEngine();
    const dispose = vi.spyOn(engine, 'dispose');
    const feed = feedOf(async () => engine);
    await hear(feed, spoken(1, 3));
    await feed.close();
    expect(shown()).toEqual(['w1 w2 w3']);
    expect(state.getState().partial).toEqual([]);
    expect(dispose).toHaveBeenCalledOnce();
  });

  describe('with a better model following', () => {
    /** Writes `W` and the length of a segment as its only word. */
    const second = {
      name: 'Better model',
      open: async () => ({
        recognise: async (batch: Float32Array[]) =>
          batch.map((pcm) => [
            { text: `W${pcm.length}`, startSample: 0, endSample: pcm.length, confidence: 1 },
          ]),
        dispose: () => undefined,
      }),
    };
    const engineWith = (open = second.open) =>
      Object.assign(new TestEngine(), { second: { ...second, open } });

    it('replaces the first words once, and does not touch later ones', async () => {
      const feed = feedOf(async () => engineWith());
      const seen = new Set<string>();
      const stop = state.subscribe(() => seen.add(shown()[0] ?? ''));
      await hear(feed, spoken(1, 3));
      await hear(feed, quiet(1));
      await hear(feed, spoken(4, 2));
      await hear(feed, quiet(2));
      stop();
      expect(shown().join(' ')).toMatch(/^W\d+ W\d+$/);
      // first as they are said, then the better ones, never back
      expect([...seen].filter((text) => /^w/.test(text)).length).toBeGreaterThan(0);
      expect([...seen].at(-1)).toMatch(/^W/);
      expect(state.getState().secondModel).toEqual({ name: 'Better model', state: 'following' });
      expect(state.getState().liveModel).toBe('Test model');
      await feed.close();
    });

    it('continues with the first words if the better model does not load', async () => {
      const feed = feedOf(async () =>
        engineWith(async () => {
          throw new AppError('OUT_OF_MEMORY', 'full');
        }),
      );
      await hear(feed, spoken(1, 3));
      await hear(feed, quiet(1));
      expect(shown()).toEqual(['w1 w2 w3']);
      expect(state.getState().secondModel).toEqual({ name: 'Better model', state: 'failed' });
      expect(failures).not.toHaveBeenCalled();
      await feed.close();
    });

    it('does not wait for the better model when the recording is stopped', async () => {
      let isOpen = false;
      const feed = feedOf(async () =>
        engineWith(async () => {
          isOpen = true;
          return { recognise: () => new Promise(() => undefined), dispose: () => undefined };
        }),
      );
      await hear(feed, spoken(1, 3));
      await hear(feed, quiet(1));
      expect(isOpen).toBe(true);
      await feed.close();
      expect(shown()).toEqual(['w1 w2 w3']);
    });
  });

  it('reports once that there is no live text, and keeps what was written', async () => {
    const engine = new TestEngine();
    const feed = feedOf(async () => engine);
    await hear(feed, spoken(1, 3));
    await hear(feed, quiet(1));
    engine.failure = new AppError('OUT_OF_MEMORY', 'Full.');
    await hear(feed, spoken(4, 6));
    expect(failures).toHaveBeenCalledOnce();
    expect(shown().join(' ')).toBe('w1 w2 w3');
    expect(state.getState()).toMatchObject({ liveModel: null, partial: [] });
    await feed.close();
    expect(failures).toHaveBeenCalledOnce();
  });
});
