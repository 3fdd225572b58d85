import { describe, expect, it } from 'vitest';
import { downmixWeights, mixPlane } from './downmix';

describe('downmixWeights', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 12, 24])('sum to 1 for %i channels', (channels) => {
    const weights = downmixWeights(channels);
    expect(weights).toHaveLength(channels);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('takes the mean of stereo', () => {
    expect(downmixWeights(2)).toEqual([0.5, 0.5]);
  });

  it('favours the centre of 5.1 and leaves the LFE out', () => {
    const [left = 0, right = 0, centre = 0, lfe, side = 0] = downmixWeights(6);
    expect(lfe).toBe(0);
    expect(left).toBe(right);
    expect(centre / left).toBeCloseTo(Math.SQRT2, 12);
    expect(side).toBeLessThan(left);
  });
});

describe('mixPlane', () => {
  it('sets with the first plane and adds the others', () => {
    const mono = Float32Array.of(9, 9);
    mixPlane(mono, Float32Array.of(1, -1), 0.5, true);
    mixPlane(mono, Float32Array.of(0, 1), 0.5, false);
    expect([...mono]).toEqual([0.5, 0]);
  });
});
