import type { Shape } from './graph';

/** Sets one weight of a matrix with this many columns. */
export type Place = (row: number, column: number, value: number) => void;

/** Weights [rows, columns] in which some get a meaning, on top of what is random. */
export function matrix(columns: number, change: (set: Place) => void): Shape {
  return (data) =>
    change((row, column, value) => {
      data[row * columns + column] = value;
    });
}

/** One change of weights after the other. */
export function all(...shapes: Shape[]): Shape {
  return (data) => {
    for (const shape of shapes) shape(data);
  };
}

/** No weights in the first rows: the layer does not see what these dimensions mean. */
export function withoutRows(columns: number, rows: number): Shape {
  return (data) => data.fill(0, 0, rows * columns);
}

/** No weights in these columns: the layer does not write there. */
export function withoutColumns(columns: number, from: number, to: number): Shape {
  return (data) => {
    for (let row = 0; row < data.length; row += columns) data.fill(0, row + from, row + to);
  };
}

/**
 * Every output's weights sum up to 0: what all inputs have in common, as after GELU, does not go
 * through, and only differences do. For weights [inputs, outputs].
 */
export function centredColumns(columns: number): Shape {
  return (data) => {
    const rows = data.length / columns;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += data[row * columns + column] ?? 0;
      for (let at = column; at < data.length; at += columns)
        data[at] = (data[at] ?? 0) - sum / rows;
    }
  };
}

/** As `centredColumns`, for weights of a convolution: `taps` for each output. */
export function centredFilters(taps: number): Shape {
  return (data) => {
    for (let at = 0; at < data.length; at += taps) {
      const filter = data.subarray(at, at + taps);
      const mean = filter.reduce((sum, value) => sum + value, 0) / taps;
      filter.forEach((value, tap) => {
        filter[tap] = value - mean;
      });
    }
  };
}

/**
 * Rows with as much power in even columns as in odd ones, from a first one on. Where the last
 * normalisation has opposite signs for the two, a token's logit right after itself is then 0:
 * embeddings that are read and written by the same weights would else repeat for ever.
 */
export function balanced(columns: number, first: number): Shape {
  return (data) => {
    for (let at = 0; at < data.length; at += columns) {
      const power = [0, 0];
      for (let column = first; column < columns; column++)
        power[column % 2] = (power[column % 2] ?? 0) + (data[at + column] ?? 0) ** 2;
      const factor = Math.sqrt((power[1] ?? 0) / (power[0] || 1));
      for (let column = first + (first % 2); column < columns; column += 2)
        data[at + column] = (data[at + column] ?? 0) * factor;
    }
  };
}
