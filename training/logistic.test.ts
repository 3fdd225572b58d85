import { describe, expect, it } from 'vitest';
import { fitLogistic } from './logistic';

/** Observations of a known bias and weights, as many as the probability says of each sign. */
function observed(weights: number[], signs: number[][]) {
  const rows: number[][] = [];
  const outcomes: boolean[] = [];
  for (const row of signs) {
    const score = row.reduce((sum, value, at) => sum + value * (weights[at + 1] ?? 0), 0);
    const right = Math.round(1000 / (1 + Math.exp(-(score + (weights[0] ?? 0)))));
    for (let at = 0; at < 1000; at++) {
      rows.push(row);
      outcomes.push(at < right);
    }
  }
  return fitLogistic(rows, outcomes);
}

const GRID = [-2, -1, 0, 1, 2].flatMap((x) => [-1, 0, 1].map((y) => [x, y]));

describe('fitLogistic', () => {
  it('finds the weights that observations were made with', () => {
    const found = observed([0.5, 0.8, 0.3], GRID);
    expect(found[0]).toBeCloseTo(0.5, 1);
    expect(found[1]).toBeCloseTo(0.8, 1);
    expect(found[2]).toBeCloseTo(0.3, 1);
  });

  it('gives a sign no weight that would speak against a word', () => {
    const [, first, second] = observed([0, 0.8, -0.6], GRID);
    expect(first).toBeCloseTo(0.8, 0);
    expect(second).toBe(0);
  });

  it('stays finite where everything is right', () => {
    const found = fitLogistic([[1], [2]], [true, true]);
    expect(found.every(Number.isFinite)).toBe(true);
  });
});
