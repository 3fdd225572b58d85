import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfBad, compressionRatio, findLoop, judge, qualityOf, sayableTokens } from './quality';

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

const MAX = 444;

/** What came before a loop, and one round; all where there is none. */
function lengthWithoutLoop(tokens: readonly number[], maxTokens: number): number {
  const loop = findLoop(tokens, maxTokens);
  return loop ? loop.start + loop.cycle : tokens.length;
}

/** Words and punctuation as tokens: " no" and "," are two, as in Whisper's vocabulary. */
function tokensOf(text: string): number[] {
  const ids = new Map<string, number>();
  return (text.toLowerCase().match(/ ?[\p{L}']+|[^\s\p{L}]/gu) ?? []).map((piece) => {
    const id = ids.get(piece.trim()) ?? ids.size;
    ids.set(piece.trim(), id);
    return id;
  });
}

const REAL = [
  'No, no, no, no.',
  'No, no, no, no, no, no, no, no, no, no!',
  'It was very very very very very good.',
  'Ha ha ha ha ha ha ha ha ha ha.',
  'La la la la la la la la la la la la la la la la.',
  'Na na na na na na na na na na na, hey Jude. Na na na na na na na na na na na, hey Jude.',
  'Go go go go go go go!',
  'Order, order. Order! Order, order, order.',
  'Zero zero zero zero zero zero zero zero seven.',
  'Thank you. Thank you. Thank you very much. Thank you. Thank you all. Thank you. Thank you.',
  'Knock knock knock Penny. Knock knock knock Penny. Knock knock knock Penny.',
  'We will, we will rock you. We will, we will rock you. We will, we will rock you.',
  'Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream. '.repeat(
    3,
  ),
  'Location, location, location.',
  'Yes. Yes. Yes. Yes. Yes. Yes. Yes.',
  'Left, right, left, right, left, right, left, right, left, right, left, right.',
];

describe('findLoop', () => {
  it.each(REAL)('leaves what people say: %s', (text) => {
    const tokens = tokensOf(text);
    expect(findLoop(tokens, MAX)).toBeNull();
    expect(lengthWithoutLoop(tokens, MAX)).toBe(tokens.length);
  });

  it('finds a short endless cycle after good text', () => {
    const before = tokensOf('so that is what we wanted to say and then');
    const round = [900, 901, 902];
    const tokens = [...before, ...Array.from({ length: 30 }, () => round).flat()];
    expect(findLoop(tokens, MAX)).toEqual({ start: before.length, cycle: 3 });
    expect(lengthWithoutLoop(tokens, MAX)).toBe(before.length + 3);
  });

  it('finds one token that never ends', () => {
    expect(findLoop(new Array(60).fill(7), MAX)).toEqual({ start: 0, cycle: 1 });
    expect(lengthWithoutLoop([1, 2, ...new Array(60).fill(7)], MAX)).toBe(3);
  });

  it('finds a sentence that fills more than half of a window', () => {
    const sentence = Array.from({ length: 56 }, (_, at) => 100 + at);
    const rounds = (count: number) => Array.from({ length: count }, () => sentence).flat();
    expect(findLoop(rounds(3), MAX)).toBeNull();
    expect(findLoop(rounds(4), MAX)).toEqual({ start: 0, cycle: 56 });
  });

  it('says so while the loop is still being written: a row need not be full', () => {
    const tokens = [5, 6, ...Array.from({ length: 8 }, () => [1, 2, 3]).flat()];
    expect(findLoop(tokens, MAX)).not.toBeNull();
    expect(findLoop(tokens.slice(0, -1), MAX)).toBeNull();
  });

  it('never changes a text whose cycles come less than 8 times and fill less than half a window', () => {
    // any text of pieces, each said up to 7 times, kept apart by tokens that come once
    const piece = fc.record({
      cycle: fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 8 }),
      times: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const tokens = pieces.flatMap(({ cycle, times }, at) => [
          ...Array.from({ length: times }, () => cycle).flat(),
          1000 + at,
        ]);
        expect(lengthWithoutLoop(tokens, MAX)).toBe(tokens.length);
      }),
    );
  });

  it('leaves text before a loop as it is, and one round, whatever both are', () => {
    const cycle = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 });
    const before = fc.uniqueArray(fc.integer({ min: 100, max: 999 }), { maxLength: 60 });
    fc.assert(
      fc.property(before, cycle, fc.integer({ min: 24, max: 40 }), (text, round, times) => {
        const tokens = [...text, ...Array.from({ length: times }, () => round).flat()];
        const kept = tokens.slice(0, lengthWithoutLoop(tokens, MAX));
        expect(kept).toEqual([...text, ...round]);
      }),
    );
  });
});
