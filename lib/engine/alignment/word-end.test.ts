import { describe, expect, it } from 'vitest';
import { findWordEnd } from './word-end';

/** One second: so loud up to 0.3 s, then so loud. */
const falling = (from: number, to: number) =>
  Float32Array.from({ length: 16_000 }, (_, at) => (at < 4800 ? from : to) * Math.sin(at));

describe('findWordEnd', () => {
  it('leaves out the pause after a word', () => {
    expect(findWordEnd(falling(0.1, 0.001), 1600, 16_000)).toBe(4800);
    expect(findWordEnd(falling(0.1, 0), 1600, 16_000)).toBe(4800);
  });

  it('lasts up to the next word where nothing falls', () => {
    expect(findWordEnd(falling(0.1, 0.08), 1600, 12_345)).toBe(12_345);
    expect(findWordEnd(falling(0, 0), 1600, 12_345)).toBe(12_345);
    expect(findWordEnd(falling(0.1, 0.1), 1600, 1601)).toBe(1601);
  });
});
