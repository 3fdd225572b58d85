// Logistic regression by Newton's method, with weights that are not negative: more of a sign never
// speaks against a word.

const ROUNDS = 50;
/** Pulls weights to zero a little, so that they stay finite where all is right. */
const RIDGE = 1e-3;

/**
 * @param {number[][]} rows the signs of each observation
 * @param {boolean[]} outcomes
 * @returns {number[]} the bias, then a weight for each sign
 */
export function fitLogistic(rows, outcomes) {
  const signs = rows[0]?.length ?? 0;
  let used = Array.from({ length: signs }, (_, at) => at);
  for (;;) {
    const weights = fitFree(
      rows.map((row) => [1, ...used.map((at) => row[at])]),
      outcomes,
    );
    const kept = used.filter((_, at) => weights[at + 1] >= 0);
    if (kept.length === used.length) {
      const all = new Array(signs + 1).fill(0);
      all[0] = weights[0];
      for (const [place, at] of used.entries()) all[at + 1] = weights[place + 1];
      return all;
    }
    used = kept;
  }
}

function fitFree(rows, outcomes) {
  const size = rows[0]?.length ?? 1;
  const weights = new Array(size).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    const curvature = weights.map((_, at) => weights.map((_, to) => (at === to ? RIDGE : 0)));
    for (const [index, row] of rows.entries()) {
      const score = row.reduce((sum, value, at) => sum + value * weights[at], 0);
      const probability = 1 / (1 + Math.exp(-score));
      const slope = probability * (1 - probability);
      for (let at = 0; at < size; at++) {
        gradient[at] += ((outcomes[index] ? 1 : 0) - probability) * row[at];
        for (let to = 0; to < size; to++) curvature[at][to] += slope * row[at] * row[to];
      }
    }
    const step = solve(curvature, gradient);
    for (let at = 0; at < size; at++) weights[at] += step[at];
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  return weights;
}

/** Gaussian elimination with the largest pivot. */
function solve(matrix, right) {
  const rows = matrix.map((row, at) => [...row, right[at]]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce(
        (best, row, at) =>
          Math.abs(row[column]) > Math.abs(rows[best][column]) ? at + column : best,
        column,
      );
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row][column] / rows[column][column];
      for (let at = column; at <= size; at++) rows[row][at] -= factor * rows[column][at];
    }
  }
  const solution = new Array(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    const rest = rows[row].slice(row + 1, size).reduce((sum, value, at) => sum + value * solution[row + 1 + at], 0);
    solution[row] = (rows[row][size] - rest) / rows[row][row];
  }
  return solution;
}
