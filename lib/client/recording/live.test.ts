import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveText } from './live';
import type { LiveText, LiveWord } from './ports';
import { quiet, spoken, TestEngine } from './test-speech';

/** A piece as the worklet gives it: a tenth of a second. */
const PIECE_SAMPLES = 1600;

let engine: TestEngine;
let text: LiveText;
let final: LiveWord[];
let partial: LiveWord[];
/** Words final before each new paragraph. */
let paragraphs: number[];
let errors: unknown[];
let pushed: number;

beforeEach(async () => {
  engine = new TestEngine();
  [final, partial, paragraphs, errors, pushed] = [[], [], [], [], 0];
  text = await createLiveText(engine, {
    onUpdate: (update) => {
      final.push(...update.final);
      partial = update.partial;
      if (update.endsParagraph) paragraphs.push(final.length);
    },
    onError: (error) => errors.push(error),
  });
});

afterEach(() => text.close());

/** Lets everything happen that does not wait for more sound. */
const tick = async () => {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Sound comes in, a tenth of a second at a time. */
async function hear(pcm: Float32Array, wait: () => Promise<void> = tick): Promise<void> {
  for (let from = 0; from < pcm.length; from += PIECE_SAMPLES) {
    text.push({ startSample: pushed, pcm: pcm.slice(from, from + PIECE_SAMPLES) });
    pushed += Math.min(PIECE_SAMPLES, pcm.length - from);
    await wait();
  }
}

const said = () => final.map((word) => word.text).join(' ');
const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `w${from + at}`).join(' ');

describe('live text', () => {
  it('shows words as they are spoken, and finalises them while the speaker continues', async () => {
    await hear(quiet(0.5));
    await hear(spoken(1, 6));
    expect(said()).toBe(numbered(1, final.length));
    expect(final.length).toBeGreaterThanOrEqual(3);
    expect(final.length + partial.length).toBeGreaterThanOrEqual(5);
  });

  it('finalises all words at a pause, each once and in order', async () => {
    await hear(quiet(0.5));
    await hear(spoken(1, 6));
    await hear(quiet(1));
    expect(said()).toBe(numbered(1, 6));
    expect(partial).toEqual([]);
    for (const [at, { startSample }] of final.entries())
      expect(Math.abs(startSample - (8_000 + at * 8_000))).toBeLessThan(100);
  });

  it('neither loses nor repeats words of speech longer than a segment', async () => {
    await hear(quiet(0.3));
    await hear(spoken(1, 60));
    await hear(quiet(1));
    expect(said()).toBe(numbered(1, 60));
  });

  it('counts samples from the start of the recording, even if it joins later', async () => {
    pushed = 160_000;
    await hear(spoken(1, 4));
    await hear(quiet(1));
    expect(final[0]?.startSample).toBe(160_000);
  });

  it('runs one recognition at a time and queues none: the next one takes the newest audio', async () => {
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => {
      open = resolve;
    });
    await hear(spoken(1, 8));
    expect(engine.runs).toHaveLength(1);
    engine.gate = Promise.resolve();
    open();
    await tick();
    expect(engine.runs).toHaveLength(2);
    // all that came meanwhile, short of a few frames that the VAD has not seen
    expect(engine.runs[1]).toBeGreaterThan(8 * 8_000 - 3_000);
  });

  it('drops the oldest speech when it is more than half a minute behind', async () => {
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => {
      open = resolve;
    });
    for (let at = 0; at < 15; at++) {
      await hear(spoken(1 + at * 10, 10));
      await hear(quiet(1));
    }
    expect(engine.runs).toHaveLength(1);
    engine.gate = Promise.resolve();
    open();
    await vi.waitFor(() => expect(said()).toContain('w150'));
    expect(engine.runs.reduce((sum, samples) => sum + samples, 0)).toBeLessThan(45 * 16_000);
    expect(said()).not.toContain('w30 ');
  });

  it('recognises nothing while nobody speaks, and not again in a pause', async () => {
    await hear(quiet(3));
    expect(engine.runs).toEqual([]);
    await hear(spoken(1, 2));
    await hear(quiet(0.4));
    const runs = engine.runs.length;
    await hear(quiet(5));
    expect(engine.runs.length).toBeLessThanOrEqual(runs + 1);
  });

  it('finalises the open segment when the recording pauses, and continues after it', async () => {
    await hear(spoken(1, 4));
    await text.flush();
    expect(said()).toBe(numbered(1, 4));
    await hear(quiet(0.5));
    await hear(spoken(5, 4));
    await text.flush();
    expect(said()).toBe(numbered(1, 8));
  });

  it('is not ended by a second pause within a quarter of a second', async () => {
    await hear(spoken(1, 4));
    await text.flush();
    await hear(spoken(5, 1).subarray(0, 3_200));
    await text.flush();
    await hear(quiet(0.5));
    await hear(spoken(6, 2));
    await text.flush();
    expect(errors).toEqual([]);
    expect(said()).toBe(`${numbered(1, 4)} half ${numbered(6, 2)}`);
  });

  it('starts a paragraph at a long pause, not at a breath', async () => {
    await hear(spoken(1, 4));
    await hear(quiet(1));
    await hear(spoken(5, 4));
    await hear(quiet(2.5));
    await hear(spoken(9, 4));
    await hear(quiet(1));
    expect(paragraphs).toEqual([8]);
  });

  it('divides speech without long pauses into paragraphs, too', async () => {
    for (let at = 0; at < 8; at++) {
      await hear(spoken(1 + at * 12, 12));
      await hear(quiet(0.9));
    }
    expect(paragraphs).toHaveLength(1);
    expect(paragraphs[0]).toBeGreaterThan(45);
    // and where there is none at all
    await hear(spoken(101, 200));
    expect(paragraphs).toHaveLength(2);
    expect(said()).toContain(numbered(101, 180));
  });

  it('reports a failure once, and accepts further audio', async () => {
    engine.failure = new Error('out of memory');
    await hear(spoken(1, 8));
    expect(errors).toEqual([engine.failure]);
    expect(final).toEqual([]);
    await text.flush();
  });

  it('reports nothing once it is closed', async () => {
    await hear(spoken(1, 3));
    await text.close();
    const before = final.length;
    await hear(spoken(4, 4));
    expect(final).toHaveLength(before);
  });
});
