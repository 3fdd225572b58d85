import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import type { SpokenSegment } from './live';
import { Follower } from './live-feed';
import { withWords } from './paragraphs';
import type { LiveWord, SecondEngine, SecondModel } from './ports';

const SECOND = 16_000;

const segment = (fromSeconds: number, seconds: number): SpokenSegment => ({
  startSample: fromSeconds * SECOND,
  endSample: (fromSeconds + seconds) * SECOND,
  pcm: new Float32Array(1).fill(fromSeconds),
});

/** Reports the second at which each segment begins, when it is released. */
class TestSecond implements SecondEngine {
  /** Start of each segment, batch by batch. */
  readonly batches: number[][] = [];
  readonly dispose = vi.fn();
  private waiting: ((error?: Error) => void)[] = [];

  recognise = async (batch: Float32Array[]) => {
    this.batches.push(batch.map((pcm) => pcm[0] ?? -1));
    await new Promise<void>((resolve, reject) => {
      this.waiting.push((error) => (error ? reject(error) : resolve()));
    });
    return batch.map((pcm) => [
      { text: `B${pcm[0]}`, startSample: 0, endSample: 100, confidence: 1 },
    ]);
  };

  async answer(error?: Error): Promise<void> {
    this.waiting.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let engine: TestSecond;
let states: SecondModel['state'][];
let reported: LiveWord[];

beforeEach(() => {
  engine = new TestSecond();
  [states, reported] = [[], []];
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  return () => vi.restoreAllMocks();
});

async function follower(open: () => Promise<SecondEngine> = async () => engine) {
  const made = new Follower(open, {
    onWords: (_, words) => reported.push(...words),
    onState: (state) => states.push(state),
  });
  await new Promise((resolve) => setImmediate(resolve));
  return made;
}

describe('a better model that follows the live text', () => {
  it('recognises each segment once, at its position in the recording', async () => {
    const made = await follower();
    made.push(segment(3, 4));
    await engine.answer();
    made.push(segment(8, 5));
    await engine.answer();
    expect(reported.map(({ text, startSample }) => [text, startSample])).toEqual([
      ['B3', 3 * SECOND],
      ['B8', 8 * SECOND],
    ]);
    expect(states).toEqual(['loading', 'following']);
  });

  it('takes all waiting segments when it is free again', async () => {
    const made = await follower();
    for (const at of [0, 5, 10, 15]) made.push(segment(at, 5));
    await engine.answer();
    expect(engine.batches).toEqual([[0], [5, 10, 15]]);
  });

  it('recognises what was said while it was loading, except the oldest speech', async () => {
    let loaded: (engine: SecondEngine) => void = () => undefined;
    const made = await follower(() => new Promise((resolve) => (loaded = resolve)));
    for (const at of [0, 10, 20, 30, 40]) made.push(segment(at, 10));
    loaded(engine);
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.batches).toEqual([[20, 30, 40]]);
    expect(states).toEqual(['loading', 'following']);
  });

  it('stops if the device is too slow, and reports it once', async () => {
    const made = await follower();
    for (let at = 0; at < 100; at += 10) made.push(segment(at, 10));
    expect(states).toEqual(['loading', 'following', 'behind']);
    expect(engine.dispose).toHaveBeenCalledOnce();
    await engine.answer();
    expect(reported).toEqual([]);
  });

  it('reports that it failed, and is not tried again', async () => {
    await follower(async () => {
      throw new AppError('OUT_OF_MEMORY', 'full');
    });
    expect(states).toEqual(['loading', 'failed']);
    states = [];
    const made = await follower();
    made.push(segment(0, 5));
    await engine.answer(new AppError('RECOGNISE_FAILED', 'broken'));
    made.push(segment(5, 5));
    expect(states).toEqual(['loading', 'following', 'failed']);
    expect(engine.batches).toHaveLength(1);
  });

  it('reports nothing once it is closed, and leaves no worker behind', async () => {
    let loaded: (engine: SecondEngine) => void = () => undefined;
    const early = await follower(() => new Promise((resolve) => (loaded = resolve)));
    early.close();
    loaded(engine);
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.dispose).toHaveBeenCalledOnce();
    const made = await follower();
    made.push(segment(0, 5));
    made.close();
    await engine.answer();
    expect(reported).toEqual([]);
    expect(engine.dispose).toHaveBeenCalledTimes(2);
  });
});

describe('words of another model in paragraphs', () => {
  const word = (text: string, from: number, to: number): LiveWord => ({
    text,
    startSample: from,
    endSample: to,
  });
  const first = { startSample: 0, words: [word('a', 0, 10), word('b', 10, 20), word('c', 20, 30)] };
  const second = { startSample: 40, words: [word('d', 40, 50), word('e', 60, 70)] };
  const textOf = (paragraphs: ReturnType<typeof withWords>) =>
    paragraphs.map(({ words }) => words.map(({ text }) => text).join(' '));

  it('replace only the words of the same speech', () => {
    const made = withWords([first, second], 10, 30, [word('B', 9, 18), word('C', 18, 31)]);
    expect(textOf(made)).toEqual(['a B C', 'd e']);
    expect(made[1]).toBe(second);
  });

  it('are in order if there were no words, or none remain', () => {
    expect(textOf(withWords([first, second], 50, 58, [word('X', 51, 57)]))).toEqual([
      'a b c',
      'd X e',
    ]);
    expect(textOf(withWords([first, second], 40, 80, []))).toEqual(['a b c', '']);
  });
});
