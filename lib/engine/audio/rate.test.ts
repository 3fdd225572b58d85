import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignDown, inputAt, outputAt, outputCount, rateRatio } from './resample';

const anyRate = fc.constantFrom(
  7_350,
  8_000,
  11_025,
  16_000,
  22_050,
  44_100,
  48_000,
  96_000,
  192_000,
);
/** A day at the highest rate. */
const anySample = fc.integer({ min: 0, max: 86_400 * 192_000 });

describe('rate arithmetic', () => {
  it('knows the period of common rates', () => {
    expect(rateRatio(44_100)).toMatchObject({ inputPeriod: 441, outputPeriod: 160 });
    expect(rateRatio(48_000)).toMatchObject({ inputPeriod: 3, outputPeriod: 1 });
    expect(rateRatio(16_000)).toMatchObject({ inputPeriod: 1, outputPeriod: 1 });
    expect(rateRatio(8_000)).toMatchObject({ inputPeriod: 1, outputPeriod: 2 });
  });

  it('aligns to positions where both rates have a sample', () => {
    fc.assert(
      fc.property(anyRate, anySample, (rateHz, sample) => {
        const ratio = rateRatio(rateHz);
        const aligned = alignDown(ratio, sample);
        expect(aligned).toBeLessThanOrEqual(sample);
        expect(sample - aligned).toBeLessThan(ratio.inputPeriod);
        // exact in integers: no rounding even after a day
        expect(BigInt(outputAt(ratio, aligned)) * BigInt(rateHz)).toBe(BigInt(aligned) * 16_000n);
      }),
    );
  });

  it('counts the output samples that begin within the input', () => {
    fc.assert(
      fc.property(anyRate, anySample, (rateHz, sample) => {
        const exact = (BigInt(sample) * 16_000n + BigInt(rateHz) - 1n) / BigInt(rateHz);
        expect(BigInt(outputCount(rateRatio(rateHz), sample))).toBe(exact);
      }),
    );
  });

  it('finds the input at or before an output sample', () => {
    fc.assert(
      fc.property(anyRate, anySample, (rateHz, sample) => {
        const exact = (BigInt(sample) * BigInt(rateHz)) / 16_000n;
        expect(BigInt(inputAt(rateRatio(rateHz), sample))).toBe(exact);
      }),
    );
  });
});
