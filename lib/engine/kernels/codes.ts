/**
 * An operation of a program for the compiled kernels of `/kernels`: its code, and fields. Both are those that
 * `kernels/index.ts` reads.
 */
export const OPERATION_INTS = 16;
export const CODES = {
  matmulFloats: 1,
  matmulIntegers: 2,
  normalise: 3,
  range: 4,
  quantise: 5,
  turn: 6,
  pack: 7,
  attend: 8,
  matmulFew: 9,
  keep: 10,
  look: 11,
  choose: 12,
  quantiseRows: 13,
  keepKeys: 14,
  keepValues: 15,
  lookAtFrames: 16,
  packBytes: 17,
  attendBytes: 18,
  quantiseBytes: 19,
  matmulBytes: 20,
  matmulFewBytes: 21,
  splice: 22,
} as const;
