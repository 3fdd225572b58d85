import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockWatch } from './capture';

/** Messages each 100 ms of an audio clock that runs `ppm` too fast, some of them late. */
function run(
  seconds: number,
  ppm: number,
  lateMs: (at: number) => number,
  jumps = new Map<number, number>(),
) {
  const watch = new ClockWatch();
  let lostMs = 0;
  for (let i = 1; i <= seconds * 10; i++) {
    lostMs += jumps.get(i) ?? 0;
    const trueMs = i * 100;
    const audioMs = (trueMs - lostMs) * (1 + ppm / 1e6);
    watch.note(audioMs, 7_000 + trueMs + lateMs(i));
  }
  return watch;
}

describe('ClockWatch', () => {
  it('reports no drift before there is enough data', () => {
    expect(run(110, 50, () => 0).driftPpm).toBeNull();
    expect(run(130, 50, () => 0).driftPpm).toBe(50);
  });

  it('mistakes late messages neither for drift nor for gaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 25, noNaN: true }), { minLength: 50 }),
        (late) => {
          const watch = run(600, 0, (i) => (i % 7 === 0 ? 0 : (late[i % late.length] ?? 0)));
          expect(Math.abs(watch.driftPpm ?? 1e9)).toBeLessThanOrEqual(1);
          expect(watch.gaps).toBe(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each([50, -120, 300])('finds a drift of %i ppm', (ppm) => {
    const watch = run(600, ppm, (i) => (i % 5) * 3);
    expect(watch.driftPpm).toBeGreaterThan(ppm - Math.abs(ppm) * 0.1);
    expect(watch.driftPpm).toBeLessThan(ppm + Math.abs(ppm) * 0.1);
    expect(watch.gaps).toBe(0);
  });

  it('counts lost audio once, and not as drift', () => {
    const watch = run(600, 0, (i) => i % 3, new Map([[2_000, 200]]));
    expect(watch.gaps).toBe(1);
    expect(watch.droppedMs).toBeGreaterThanOrEqual(198);
    expect(watch.droppedMs).toBeLessThanOrEqual(202);
    expect(Math.abs(watch.driftPpm ?? 1e9)).toBeLessThanOrEqual(5);
  });
});
