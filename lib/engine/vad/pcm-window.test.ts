import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PcmWindow } from './pcm-window';

it('gives back exactly the samples that were put in, whatever was dropped', () => {
  const steps = fc.array(fc.record({ add: fc.nat(60_000), drop: fc.nat(80_000) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(steps, fc.nat(1000), (given, startSample) => {
      const window = new PcmWindow(startSample);
      for (const { add, drop } of given) {
        const from = window.endSample;
        window.append(Float32Array.from({ length: add }, (_, i) => (from + i) % 9973));
        window.dropBefore(window.startSample + drop);
        const kept = window.view(window.startSample, window.endSample);
        expect(kept.length).toBe(window.endSample - window.startSample);
        expect(kept.at(0) ?? null).toBe(kept.length ? window.startSample % 9973 : null);
        expect(kept.at(-1) ?? null).toBe(kept.length ? (window.endSample - 1) % 9973 : null);
      }
    }),
    { numRuns: 40 },
  );
});

it('does not grow while as much is dropped as is added', () => {
  const window = new PcmWindow(0);
  const piece = new Float32Array(16_000);
  for (let second = 0; second < 3600; second++) {
    window.append(piece);
    window.dropBefore(window.endSample - 320_000);
  }
  expect(window.view(window.startSample, window.endSample).buffer.byteLength).toBeLessThan(
    4 * 1_000_000,
  );
});

it('refuses samples that it does not hold', () => {
  const window = new PcmWindow(100);
  window.append(new Float32Array(50));
  expect(() => window.view(99, 120)).toThrow('are not among');
  expect(() => window.view(100, 151)).toThrow('are not among');
});
