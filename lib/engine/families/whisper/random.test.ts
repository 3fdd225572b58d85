import { describe, expect, it } from 'vitest';
import { seededRandom } from './random';

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(3, 20)).toEqual(draw(3, 20));
    expect(draw(3, 20)).not.toEqual(draw(4, 20));
  });

  it.each([0, 1, 2, 3, 4, 5, -1, 0x5bd1e995])('is uniform in [0, 1) from seed %i', (seed) => {
    const numbers = draw(seed, 10_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const tenths = new Array(10).fill(0);
    for (const number of numbers) tenths[Math.floor(number * 10)]++;
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
