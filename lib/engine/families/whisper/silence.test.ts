import { describe, expect, it } from 'vitest';
import { isSilent } from './windows';

const tone = (amplitude: number, samples = 16_000) =>
  Float32Array.from({ length: samples }, (_, at) => amplitude * Math.sin(at / 10));

describe('isSilent', () => {
  it('is true for digital silence, for nothing at all and for dither', () => {
    expect(isSilent(new Float32Array(16_000))).toBe(true);
    expect(isSilent(new Float32Array(0))).toBe(true);
    expect(isSilent(Float32Array.from({ length: 16_000 }, (_, at) => (at % 2) / 32768))).toBe(true);
  });

  it('is false for a very quiet voice', () => {
    expect(isSilent(tone(0.0005))).toBe(false);
  });

  it('is false for a short sound in a long silence', () => {
    const pcm = new Float32Array(480_000);
    pcm.set(tone(0.01, 800), 300_000);
    expect(isSilent(pcm)).toBe(false);
  });

  it('refuses samples that are not finite', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const pcm = tone(0.1);
      pcm[15_999] = value;
      expect(() => isSilent(pcm)).toThrow(expect.objectContaining({ code: 'RECOGNISE_FAILED' }));
    }
  });
});
