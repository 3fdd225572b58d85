import { describe, expect, it } from 'vitest';
import { RealFft } from './fft';
import { noise } from './test-signals';

/** Squared magnitudes by the definition. */
function slowPower(frame: Float64Array): number[] {
  const turn = (-2 * Math.PI) / frame.length;
  return Array.from({ length: frame.length / 2 + 1 }, (_, bin) => {
    let re = 0;
    let im = 0;
    for (const [at, sample] of frame.entries()) {
      re += sample * Math.cos(turn * bin * at);
      im += sample * Math.sin(turn * bin * at);
    }
    return re * re + im * im;
  });
}

describe('RealFft', () => {
  it.each([4, 8, 20, 100, 400, 512])('is the power spectrum of %i samples', (size) => {
    const fft = new RealFft(size);
    const frame = Float64Array.from(noise(size));
    const expected = slowPower(frame);
    const power = new Float64Array(fft.bins);
    fft.power(frame, power);
    expect(power).toHaveLength(size / 2 + 1);
    for (const [bin, value] of expected.entries()) expect(power[bin]).toBeCloseTo(value, 9);
  });

  it('gives the same for the same frame again: nothing is left over from the one before', () => {
    const fft = new RealFft(400);
    const [first, second] = [new Float64Array(fft.bins), new Float64Array(fft.bins)];
    fft.power(Float64Array.from(noise(400)), first);
    fft.power(new Float64Array(400).fill(3), second);
    fft.power(Float64Array.from(noise(400)), second);
    expect(second).toEqual(first);
  });

  it('refuses sizes that it has no butterflies for', () => {
    expect(() => new RealFft(84)).toThrow(/factors/);
    expect(() => new RealFft(10)).toThrow(/multiple of 4/);
  });
});
