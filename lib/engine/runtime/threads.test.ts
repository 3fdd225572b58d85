import { expect, it } from 'vitest';
import { wasmThreads } from './threads';

it('asks for a thread on each core up to four, and for one without isolation', () => {
  expect([1, 2, 8].map((cores) => wasmThreads(cores, true))).toEqual([1, 2, 4]);
  expect(wasmThreads(8, false)).toBe(1);
});
