// Logistic regression by Newton's method, with weights that are not negative: a larger sign never lowers
// the probability.

const ROUNDS = 50;
/** Pulls weights to zero a little, so that they stay finite where all is right. */
const RIDGE = 1e-3;

type Vector = readonly number[];

/** @param rows the signs of each observation @returns the bias, then a weight for each sign */
export function fitLogistic(rows: readonly Vector[], outcomes: readonly boolean[]): number[] {
  const signs = rows[0]?.length ?? 0;
  let used = Array.from({ length: signs }, (_, at) => at);
  for (;;) {
    const [bias = 0, ...weights] = fitFree(
      rows.map((row) => [1, ...used.map((at) => row[at] ?? 0)]),
      outcomes,
    );
    const kept = used.filter((_, at) => (weights[at] ?? 0) >= 0);
    if (kept.length === used.length) {
      const all = new Array<number>(signs).fill(0);
      for (const [place, at] of used.entries()) all[at] = weights[place] ?? 0;
      return [bias, ...all];
    }
    used = kept;
  }
}

function fitFree(rows: readonly Vector[], outcomes: readonly boolean[]): number[] {
  const size = rows[0]?.length ?? 1;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    const curvature = weights.map((_, at) =>
      weights.map((__, to): number => (at === to ? RIDGE : 0)),
    );
    for (const [index, row] of rows.entries()) {
      const score = row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
      const probability = 1 / (1 + Math.exp(-score));
      const slope = probability * (1 - probability);
      const error = (outcomes[index] ? 1 : 0) - probability;
      for (const [at, value] of row.entries()) {
        gradient[at] = (gradient[at] ?? 0) + error * value;
        const line = curvature[at] ?? [];
        for (const [to, other] of row.entries())
          line[to] = (line[to] ?? 0) + slope * value * other;
      }
    }
    const step = solve(curvature, gradient);
    weights = weights.map((weight, at) => weight + (step[at] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  return weights;
}

/** Gaussian elimination with the largest pivot. */
function solve(matrix: readonly Vector[], right: Vector): number[] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  const value = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(value(row, column)) > Math.abs(value(pivot, column))) pivot = row;
    const [upper = [], lower = []] = [rows[pivot], rows[column]];
    [rows[column], rows[pivot]] = [upper, lower];
    for (const row of rows.slice(column + 1)) {
      const factor = (row[column] ?? 0) / (upper[column] ?? 0);
      for (let at = column; at <= size; at++)
        row[at] = (row[at] ?? 0) - factor * (upper[at] ?? 0);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let rest = value(row, size);
    for (let column = row + 1; column < size; column++)
      rest -= value(row, column) * (solution[column] ?? 0);
    solution[row] = rest / value(row, row);
  }
  return solution;
}
