import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_ZERO, logAdd } from './log-add';

describe('logAdd', () => {
  it('adds probabilities', () => {
    const score = fc.double({ min: -500, max: 0, noNaN: true });
    fc.assert(
      fc.property(score, fc.double({ min: -40, max: 40, noNaN: true }), (a, shift) => {
        const b = a + shift;
        const exact = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(shift)));
        expect(Math.abs(logAdd(a, b) - exact)).toBeLessThan(2e-6);
        expect(logAdd(a, b)).toBe(logAdd(b, a));
        expect(logAdd(a, b)).toBeGreaterThanOrEqual(Math.max(a, b));
      }),
    );
  });

  it('leaves a score alone to which nothing is added', () => {
    expect(logAdd(-3.25, LOG_ZERO)).toBe(-3.25);
    expect(logAdd(LOG_ZERO, -3.25)).toBe(-3.25);
    expect(logAdd(LOG_ZERO, LOG_ZERO)).toBe(LOG_ZERO);
  });
});
