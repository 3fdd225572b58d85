import { describe, expect, it } from 'vitest';
import { toFloats, toHalfBits } from './half-floats';

describe('floats of 16 bits', () => {
  it('are all read back as they were written', () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    const again = toHalfBits(toFloats(halves));
    for (const [bits, found] of again.entries()) {
      const isNumber = (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0;
      if (isNumber) expect(found).toBe(bits);
      else expect(toFloats(Uint16Array.of(found))[0]).toBeNaN();
    }
  });

  it('are rounded to the nearest, ties to even', () => {
    const round = (value: number) => toFloats(toHalfBits(Float32Array.of(value)))[0];
    expect(round(1 + 1 / 2048)).toBe(1);
    expect(round(1 + 3 / 2048)).toBe(1 + 2 / 1024);
    expect(round(0.1)).toBeCloseTo(0.1, 4);
    expect(round(65_519)).toBe(65_504);
    expect(round(65_520)).toBe(Infinity);
    expect(round(-1e9)).toBe(-Infinity);
    expect(round(2 ** -25)).toBe(0);
    expect(round(2 ** -25 * 1.01)).toBe(2 ** -24);
  });

  it('are returned as they are where they came as floats', () => {
    const floats = Float32Array.of(1, 2);
    expect(toFloats(floats)).toBe(floats);
  });
});
