import { describe, expect, it } from 'vitest';
import { makeConversation, randomOf, trimmed } from './conversation';

const RATE = 16_000;

/** A voice that is a constant: one recording of this many seconds. */
const voice = (level: number, seconds: number) => [new Float32Array(seconds * RATE).fill(level)];

describe('makeConversation', () => {
  const plan = { voices: [voice(0.1, 12), voice(0.2, 12), voice(0.3, 12)], seconds: 30 };

  it('lays out turns of everybody, one of them never twice in a row', () => {
    const { pcm, turns } = makeConversation({ ...plan, seed: 1, interruptions: 0.3 });
    expect(new Set(turns.map(({ speaker }) => speaker)).size).toBe(3);
    expect(turns.some(({ speaker }, at) => at > 0 && turns[at - 1]?.speaker === speaker)).toBe(
      false,
    );
    expect(pcm.length).toBeGreaterThanOrEqual(30 * RATE);
    for (const { startMs, endMs } of turns) {
      expect(endMs - startMs).toBeGreaterThanOrEqual(1499);
      expect(endMs).toBeLessThanOrEqual((pcm.length / RATE) * 1000);
    }
  });

  it('has overlaps only where they are wanted', () => {
    const overlaps = (interruptions: number) => {
      const { turns } = makeConversation({ ...plan, seed: 2, interruptions });
      return turns.filter(({ startMs }, at) => at > 0 && startMs < (turns[at - 1]?.endMs ?? 0));
    };
    expect(overlaps(0)).toEqual([]);
    expect(overlaps(1).length).toBeGreaterThan(2);
  });

  it('is the same for the same seed', () => {
    const made = (seed: number) => makeConversation({ ...plan, seed, interruptions: 0.2 });
    expect(made(3).turns).toEqual(made(3).turns);
    expect(Buffer.from(made(3).pcm.buffer).equals(Buffer.from(made(3).pcm.buffer))).toBe(true);
    expect(made(3).turns).not.toEqual(made(4).turns);
  });
});

describe('trimmed', () => {
  it('takes off what is quiet at both ends', () => {
    const pcm = new Float32Array(RATE);
    pcm.fill(0.5, 0.25 * RATE, 0.75 * RATE);
    expect(trimmed(pcm)).toEqual(new Float32Array(0.5 * RATE).fill(0.5));
  });
});

it('randomOf gives numbers from 0 to 1, evenly', () => {
  const draw = randomOf(5);
  const drawn = Array.from({ length: 1000 }, draw);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...drawn)).toBeLessThan(1);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});
