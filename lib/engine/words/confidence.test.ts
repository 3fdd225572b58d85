import { describe, expect, it } from 'vitest';
import { withConfidence } from './confidence';

const word = { text: 'one', startSample: 0, endSample: 1 };
const MAP = {
  alone: { bias: 1, model: 0.5 },
  heard: { bias: 0.5, model: 0.4, sound: 0.3 },
};

const confidence = (model: number, agreement?: number, map: typeof MAP | null = MAP) =>
  withConfidence(
    [{ ...word, confidence: model, ...(agreement === undefined ? {} : { agreement }) }],
    map,
  )[0]?.confidence ?? Number.NaN;

describe('withConfidence', () => {
  it('makes a confidence of what the model and the sound say', () => {
    expect(confidence(0.5)).toBeCloseTo(1 / (1 + Math.exp(-1)));
    expect(confidence(0.5, 0.5)).toBeCloseTo(1 / (1 + Math.exp(-0.5)));
    const score = 0.5 + 0.4 * Math.log(9) + 0.3 * Math.log(0.25);
    expect(confidence(0.9, 0.2)).toBeCloseTo(1 / (1 + Math.exp(-score)));
  });

  it('gives low confidence to a word without acoustic evidence', () => {
    expect(confidence(0.9, 0)).toBeLessThan(0.4);
    expect(confidence(0.9, 0)).toBeLessThan(confidence(0.9));
  });

  it('stays between 0 and 1, and never falls as a probability rises', () => {
    let before = 0;
    for (const model of [0, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1]) {
      const one = confidence(model, 0.3);
      expect(one).toBeGreaterThanOrEqual(before);
      expect(one).toBeLessThanOrEqual(1);
      before = one;
    }
  });

  it('leaves the confidence of an uncalibrated model alone', () => {
    expect(withConfidence([{ ...word, confidence: 0.7, agreement: 0.1 }], null)).toEqual([
      { ...word, confidence: 0.7 },
    ]);
  });
});
