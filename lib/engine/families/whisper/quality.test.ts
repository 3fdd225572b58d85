import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bestOfBad, compressionRatio, judge, qualityOf, sayableTokens } from './quality';

describe('compressionRatio', () => {
  it.each([
    ['', 0],
    ['Hello.', null],
    ['and so on '.repeat(40), null],
    ['grüße 日本語 '.repeat(3), null],
  ])("is that of zlib's format: %s", async (text, expected) => {
    const bytes = Buffer.from(text);
    expect(await compressionRatio(text)).toBeCloseTo(
      expected ?? bytes.length / deflateSync(bytes).length,
      2,
    );
  });
});

describe('qualityOf', () => {
  it('counts the end as one more token, whether it was reached or not', async () => {
    expect((await qualityOf('a', [-1, -2, -3], 2, true)).averageLogProb).toBe(-2);
    expect((await qualityOf('a', [-1, -2], 2, true)).averageLogProb).toBe(-1);
    expect((await qualityOf('', [-0.5], 0, true)).averageLogProb).toBe(-0.5);
  });
});

describe('judge', () => {
  const sayable = false;

  it('takes probable text that does not repeat itself', () => {
    expect(judge({ compressionRatio: 2.4, averageLogProb: -1, sayable }, 0.99)).toBe('good');
  });

  it('refuses text that repeats itself', () => {
    expect(judge({ compressionRatio: 2.41, averageLogProb: -0.1, sayable }, 0)).toBe('bad');
  });

  it('accepts repetition that can have been said and was not guessed', () => {
    const repeating = { compressionRatio: 5, sayable: true };
    expect(judge({ ...repeating, averageLogProb: -0.5 }, 0)).toBe('good');
    expect(judge({ ...repeating, averageLogProb: -0.51 }, 0)).toBe('bad');
  });

  it('refuses text that was guessed, and text whose probability is not finite', () => {
    expect(judge({ compressionRatio: 1, averageLogProb: -1.01, sayable }, 0.6)).toBe('bad');
    expect(judge({ compressionRatio: 1, averageLogProb: Number.NaN, sayable }, 0)).toBe('bad');
  });

  it('takes guessed text for silence where probably nobody speaks', () => {
    expect(judge({ compressionRatio: 1, averageLogProb: -1.01, sayable }, 0.61)).toBe('silence');
    expect(judge({ compressionRatio: 3, averageLogProb: -1.01, sayable }, 0.61)).toBe('silence');
  });
});

describe('bestOfBad', () => {
  const attempt = (averageLogProb: number, compressionRatio: number) => ({
    quality: { averageLogProb, compressionRatio, sayable: false },
  });

  it('is the most probable text of those that do not repeat themselves', () => {
    const attempts = [attempt(-0.1, 9), attempt(-1.5, 1), attempt(-1.2, 2), attempt(-3, 1)];
    expect(bestOfBad(attempts)).toBe(attempts[2]);
  });

  it('is the most probable text where all repeat themselves', () => {
    const attempts = [attempt(-0.3, 9), attempt(-0.1, 5)];
    expect(bestOfBad(attempts)).toBe(attempts[1]);
    expect(bestOfBad([])).toBeNull();
  });
});

describe('sayableTokens', () => {
  it('are 8 for each second of speech', () => {
    expect(sayableTokens(40_000)).toBe(20);
  });
});
