import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressionRatio, judge, leastBad, qualityOf } from './quality';

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
    expect((await qualityOf('a', [-1, -2, -3], 2)).averageLogProb).toBe(-2);
    expect((await qualityOf('a', [-1, -2], 2)).averageLogProb).toBe(-1);
    expect((await qualityOf('', [-0.5], 0)).averageLogProb).toBe(-0.5);
  });
});

describe('judge', () => {
  it('takes probable text that does not repeat itself', () => {
    expect(judge({ compressionRatio: 2.4, averageLogProb: -1 }, 0.99)).toBe('good');
  });

  it('refuses text that repeats itself', () => {
    expect(judge({ compressionRatio: 2.41, averageLogProb: -0.1 }, 0)).toBe('bad');
  });

  it('refuses text that was guessed, and one whose probability is no number', () => {
    expect(judge({ compressionRatio: 1, averageLogProb: -1.01 }, 0.6)).toBe('bad');
    expect(judge({ compressionRatio: 1, averageLogProb: Number.NaN }, 0)).toBe('bad');
  });

  it('takes guessed text for silence where probably nobody speaks', () => {
    expect(judge({ compressionRatio: 1, averageLogProb: -1.01 }, 0.61)).toBe('silence');
    expect(judge({ compressionRatio: 3, averageLogProb: -1.01 }, 0.61)).toBe('silence');
  });
});

describe('leastBad', () => {
  const attempt = (averageLogProb: number, compressionRatio: number) => ({
    quality: { averageLogProb, compressionRatio },
  });

  it('is the most probable text of those that do not repeat themselves', () => {
    const attempts = [attempt(-0.1, 9), attempt(-1.5, 1), attempt(-1.2, 2), attempt(-3, 1)];
    expect(leastBad(attempts)).toBe(attempts[2]);
  });

  it('is the most probable text where all repeat themselves', () => {
    const attempts = [attempt(-0.3, 9), attempt(-0.1, 5)];
    expect(leastBad(attempts)).toBe(attempts[1]);
    expect(leastBad([])).toBeNull();
  });
});
