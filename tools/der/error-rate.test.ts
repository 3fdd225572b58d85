import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diarisationErrors, errorRate, sumErrors } from './error-rate';

const turn = (speaker: number, startMs: number, endMs: number) => ({ speaker, startMs, endMs });
const turns = fc
  .array(fc.tuple(fc.nat(3), fc.nat(400), fc.integer({ min: 1, max: 200 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((all) => all.map(([speaker, at, length]) => turn(speaker, at * 10, (at + length) * 10)));

describe('diarisationErrors', () => {
  it('counts what was missed, what nobody said, and what somebody else said', () => {
    const reference = [turn(0, 0, 4000), turn(1, 4000, 10_000)];
    // the second speaker is found a second late, and a second longer than they speak
    const found = [turn(7, 0, 5000), turn(3, 6000, 11_000)];
    const errors = diarisationErrors(reference, found, 0);
    expect(errors).toEqual({
      speechSeconds: 10,
      missedSeconds: 1,
      falseSeconds: 1,
      confusedSeconds: 1,
    });
    expect(errorRate(errors)).toBeCloseTo(0.3, 10);
    expect(sumErrors([errors, errors]).missedSeconds).toBe(2);
  });

  it('leaves out the surroundings of borders in the reference', () => {
    const reference = [turn(0, 0, 4000), turn(1, 4000, 8000)];
    const found = [turn(0, 0, 4200), turn(1, 4200, 8000)];
    expect(errorRate(diarisationErrors(reference, found, 0))).toBeCloseTo(0.2 / 8, 10);
    const { speechSeconds, ...wrong } = diarisationErrors(reference, found, 0.25);
    expect(speechSeconds).toBeCloseTo(7, 10);
    expect(wrong).toEqual({ missedSeconds: 0, falseSeconds: 0, confusedSeconds: 0 });
  });

  it('counts every speaker of an overlap', () => {
    const reference = [turn(0, 0, 2000), turn(1, 0, 2000)];
    expect(diarisationErrors(reference, [turn(0, 0, 2000)], 0)).toMatchObject({
      speechSeconds: 4,
      missedSeconds: 2,
      confusedSeconds: 0,
    });
  });

  it('matches speakers for the most time in common, not one after the other', () => {
    const reference = [turn(0, 0, 3000), turn(1, 3000, 5000)];
    // the first one found has most in common with speaker 0; taking it would cost more elsewhere
    const found = [turn(5, 0, 1600), turn(5, 3000, 4500), turn(6, 1600, 3000)];
    expect(diarisationErrors(reference, found, 0)).toMatchObject({ confusedSeconds: 1.6 });
    const other = [turn(5, 0, 1400), turn(5, 3000, 4500), turn(6, 1400, 3000)];
    expect(diarisationErrors(reference, other, 0)).toMatchObject({ confusedSeconds: 1.4 });
  });

  it('is 0 for the reference itself, and the same under any numbers', () => {
    fc.assert(
      fc.property(turns, turns, (reference, found) => {
        const own = diarisationErrors(reference, reference, 0);
        expect(errorRate(own)).toBe(0);
        const renumbered = found.map((one) => ({ ...one, speaker: 9 - one.speaker }));
        expect(diarisationErrors(reference, renumbered, 0)).toEqual(
          diarisationErrors(reference, found, 0),
        );
      }),
    );
  });
});
