import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributeWords, interpolateTimes, placeWithoutEvidence } from './interpolate-times';

const time = (startSample: number, endSample: number) => ({ startSample, endSample });

describe('interpolateTimes', () => {
  it('leaves words alone that have times', () => {
    const known = new Map([
      [0, time(5, 10)],
      [1, time(20, 30)],
    ]);
    expect(interpolateTimes(['a', 'b'], known, 100)).toEqual([time(5, 10), time(20, 30)]);
  });

  it('puts unknown words between their neighbours', () => {
    const known = new Map([
      [0, time(0, 4000)],
      [3, time(10_000, 12_000)],
    ]);
    expect(interpolateTimes(['one', 'да', 'нет', 'two'], known, 16_000)).toEqual([
      time(0, 4000),
      time(4000, 6400),
      time(6400, 10_000),
      time(10_000, 12_000),
    ]);
  });

  it('shares the time of neighbours that leave none', () => {
    const known = new Map([
      [0, time(0, 4000)],
      [2, time(4000, 8000)],
    ]);
    const times = interpolateTimes(['four', 'да', 'four'], known, 16_000);
    expect(times[0]).toEqual(time(0, 3200));
    expect(times[1]).toEqual(time(3200, 4800));
    expect(times[2]).toEqual(time(4800, 8000));
  });

  it('puts words at the edges beside the known ones, not over a long pause', () => {
    const times = interpolateTimes(
      ['да', 'yes', 'да'],
      new Map([[1, time(50_000, 54_000)]]),
      160_000,
    );
    expect(times[0]).toEqual(time(45_200, 50_000));
    expect(times[2]).toEqual(time(54_000, 58_800));
  });

  it('keeps all words in order, apart and inside', () => {
    const words = fc.array(
      fc.record({
        text: fc.string({ minLength: 1, maxLength: 8 }),
        pause: fc.nat(3000),
        length: fc.integer({ min: 10, max: 6000 }),
        isKnown: fc.boolean(),
      }),
      { minLength: 1, maxLength: 15 },
    );
    fc.assert(
      fc.property(words, fc.nat(3000), (all, tail) => {
        let at = 0;
        const known = new Map<number, { startSample: number; endSample: number }>();
        for (const [index, { pause, length, isKnown }] of all.entries()) {
          if (isKnown) known.set(index, time(at + pause, at + pause + length));
          if (isKnown) at += pause + length;
        }
        const samples = at + tail + all.length;
        const times = interpolateTimes(
          all.map(({ text }) => text),
          known,
          samples,
        );
        expect(times).toHaveLength(all.length);
        let free = 0;
        for (const { startSample, endSample } of times) {
          expect(startSample).toBeGreaterThanOrEqual(free);
          expect(endSample).toBeGreaterThan(startSample);
          free = endSample;
        }
        // words of fewer samples than there are words have none to share
        if (![...known.values()].some((one) => one.endSample - one.startSample < all.length))
          expect(free).toBeLessThanOrEqual(samples);
      }),
    );
  });
});

describe('placeWithoutEvidence', () => {
  const placed = (withoutEvidence: number[], known: [number, ReturnType<typeof time>][]) =>
    placeWithoutEvidence(new Set(withoutEvidence), new Map(known));

  it('takes a moment of the word before, and leaves spoken words at their times', () => {
    const known: [number, ReturnType<typeof time>][] = [
      [0, time(0, 4000)],
      [2, time(4000, 8000)],
    ];
    expect([...placed([1], known)]).toEqual([
      [0, time(0, 3680)],
      [2, time(4000, 8000)],
      [1, time(3680, 4000)],
    ]);
  });

  it('leaves a word at least half of its time', () => {
    const known: [number, ReturnType<typeof time>][] = [
      [0, time(0, 400)],
      [3, time(400, 8000)],
    ];
    const times = placed([1, 2], known);
    expect(times.get(0)).toEqual(time(0, 200));
    expect(times.get(1)).toEqual(time(200, 300));
    expect(times.get(2)).toEqual(time(300, 400));
  });

  it('leaves the rest to the pauses and edges that there are', () => {
    const known: [number, ReturnType<typeof time>][] = [
      [1, time(0, 4000)],
      [3, time(6000, 8000)],
    ];
    expect([...placed([0, 2, 4], known)]).toEqual(known);
  });
});

describe('distributeWords', () => {
  it('gives words time in proportion to their letters', () => {
    expect(distributeWords(['a', 'bcd,', '—'], 1000, 1053)).toEqual([
      { startSample: 1000, endSample: 1011 },
      { startSample: 1011, endSample: 1042 },
      { startSample: 1042, endSample: 1053 },
    ]);
  });

  it('fills the span with words in order, a sample each at least', () => {
    const words = fc.array(fc.string({ maxLength: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.nat(1000), fc.nat(5000), (all, start, length) => {
        const times = distributeWords(all, start, start + length);
        expect(times).toHaveLength(all.length);
        let free = start;
        for (const { startSample, endSample } of times) {
          expect(startSample).toBe(free);
          expect(Number.isInteger(endSample)).toBe(true);
          expect(endSample).toBeGreaterThan(startSample);
          free = endSample;
        }
        if (all.length > 0) expect(free).toBe(start + Math.max(length, all.length));
      }),
    );
  });
});
