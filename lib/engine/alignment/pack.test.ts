import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packWindows, slotAt, windowPcm } from './pack';

const limits = { windowSamples: 100, togetherSamples: 100, gapSamples: 10 };

describe('packWindows', () => {
  it('fills a window with neighbours, silence between them', () => {
    expect(packWindows([30, 40, 10, 50], limits)).toEqual([
      {
        segments: [
          { index: 0, startSample: 0, endSample: 30 },
          { index: 1, startSample: 40, endSample: 80 },
          { index: 2, startSample: 90, endSample: 100 },
        ],
        samples: 100,
      },
      { segments: [{ index: 3, startSample: 0, endSample: 50 }], samples: 50 },
    ]);
  });

  it('holds every segment once, in order, within the limits, and wastes no window', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 0, max: 30 }), (all, gapSamples) => {
        const windows = packWindows(all, { ...limits, gapSamples });
        const slots = windows.flatMap(({ segments }) => segments);
        expect(slots.map(({ index }) => index)).toEqual(all.map((_, index) => index));
        for (const [at, { segments, samples }] of windows.entries()) {
          expect(samples).toBeLessThanOrEqual(100);
          expect(segments.at(-1)?.endSample).toBe(samples);
          let free = 0;
          for (const { index, startSample, endSample } of segments) {
            expect(startSample).toBe(free);
            expect(endSample - startSample).toBe(all[index]);
            free = endSample + gapSamples;
          }
          const next = windows[at + 1]?.segments[0];
          if (next) expect(free + next.endSample).toBeGreaterThan(100);
        }
      }),
    );
  });

  it('leaves a long segment alone where shorter windows are wanted', () => {
    const windows = packWindows([20, 15, 70, 5, 30], { ...limits, togetherSamples: 50 });
    expect(windows.map(({ segments }) => segments.map(({ index }) => index))).toEqual([
      [0, 1],
      [2],
      [3, 4],
    ]);
  });

  it('refuses a segment that is longer than a window', () => {
    expect(packWindows([100], limits)).toHaveLength(1);
    expect(() => packWindows([20, 101], limits)).toThrow('segment 1 of 101 samples');
  });
});

describe('windowPcm', () => {
  it('puts segments into their positions and silence between them', () => {
    const batch = [Float32Array.of(1, 2), Float32Array.of(3), Float32Array.of(4, 5)];
    const windows = packWindows([2, 1, 2], { ...limits, togetherSamples: 5, gapSamples: 2 });
    expect(windows.map((window) => Array.from(windowPcm(window, batch)))).toEqual([
      [1, 2, 0, 0, 3],
      [4, 5],
    ]);
  });
});

describe('slotAt', () => {
  it('gives a time in a segment to it, and one between two to the nearer', () => {
    const [window] = packWindows([30, 40], limits);
    if (!window) throw new Error('no window');
    const at = (sample: number) => slotAt(window, sample).index;
    expect([0, 29, 30, 34].map(at)).toEqual([0, 0, 0, 0]);
    expect([36, 40, 79, 80, 500].map(at)).toEqual([1, 1, 1, 1, 1]);
  });
});
