import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '@/lib/engine/alignment/pack';
import { timedSpans, wordsBySegment } from './spans';

const TIME = 1000;
/** A time token for this many steps of 20 ms. */
const t = (steps: number) => TIME + steps;
/** 10 s. */
const SAMPLES = 160_000;

const spansOf = (tokens: number[]) =>
  timedSpans(tokens, TIME, SAMPLES).map(({ firstToken, lastToken, startSample, endSample }) => [
    firstToken,
    lastToken,
    startSample / 320,
    endSample / 320,
  ]);

describe('timedSpans', () => {
  it('takes text between its times', () => {
    expect(spansOf([t(0), 1, 2, t(50), t(60), 3, t(100)])).toEqual([
      [1, 2, 0, 50],
      [5, 5, 60, 100],
    ]);
  });

  it('lets text without an end reach to the end of the window', () => {
    expect(spansOf([t(10), 1, 2])).toEqual([[1, 2, 10, 500]]);
  });

  it('lets text without a start begin where the text before ended', () => {
    expect(spansOf([1, t(40), 2, t(90)])).toEqual([
      [0, 0, 0, 40],
      [2, 2, 40, 90],
    ]);
  });

  it('rejects an end that is not after the start', () => {
    expect(spansOf([t(50), 1, t(50)])).toEqual([[1, 1, 50, 500]]);
    expect(spansOf([t(50), 1, t(20)])).toEqual([[1, 1, 50, 500]]);
  });

  it('cuts off an end that lies after the audio', () => {
    expect(spansOf([t(400), 1, t(1500)])).toEqual([[1, 1, 400, 500]]);
  });

  it('leaves text that begins after the audio there', () => {
    expect(spansOf([t(600), 1, t(700)])).toEqual([[1, 1, 600, 700]]);
    expect(spansOf([t(600), 1])).toEqual([[1, 1, 600, 601]]);
  });

  it('finds nothing where there is no text', () => {
    expect(spansOf([])).toEqual([]);
    expect(spansOf([t(0), t(50)])).toEqual([]);
  });
});

/** Three segments, with half a second between them: 1 s, 2 s, 1 s. */
const window: Window = {
  samples: 80_000,
  segments: [
    { index: 4, startSample: 0, endSample: 16_000 },
    { index: 5, startSample: 24_000, endSample: 56_000 },
    { index: 7, startSample: 64_000, endSample: 80_000 },
  ],
};

const word = (text: string, startSample: number, endSample: number) => ({
  text,
  startSample,
  endSample,
  confidence: 0.5,
});

describe('wordsBySegment', () => {
  it('gives every word to the segment it was said in, with times of that segment', () => {
    const words = [
      word('one', 1000, 9000),
      word('two', 30_000, 40_000),
      word('three', 70_000, 79_000),
    ];
    expect(wordsBySegment(window, words)).toEqual(
      new Map([
        [4, [word('one', 1000, 9000)]],
        [5, [word('two', 6000, 16_000)]],
        [7, [word('three', 6000, 15_000)]],
      ]),
    );
  });

  it('cuts a word that reaches into the silence', () => {
    expect(wordsBySegment(window, [word('long', 12_000, 23_000)])).toEqual(
      new Map([[4, [word('long', 12_000, 16_000)]]]),
    );
  });

  it('gives a word that touches two segments to the one it lies in for longer', () => {
    expect([...wordsBySegment(window, [word('long', 15_000, 30_000)]).keys()]).toEqual([5]);
  });

  it('leaves out words in the silence after the last segment', () => {
    expect(
      wordsBySegment(window, [word('Thank', 90_000, 95_000), word('you.', 95_000, 100_000)]).size,
    ).toBe(0);
  });

  it('leaves out words in the middle of the silence between segments', () => {
    expect(wordsBySegment(window, [word('uh', 19_400, 20_600)]).size).toBe(0);
  });

  it('keeps a word that was timed just outside its segment', () => {
    expect(wordsBySegment(window, [word('yes', 17_000, 18_500)])).toEqual(
      new Map([[4, [word('yes', 15_680, 16_000)]]]),
    );
  });

  it('keeps words in order, inside their segment, apart from each other and none empty', () => {
    const anyWord = fc.record({
      text: fc.constant('word'),
      startSample: fc.integer({ min: 0, max: 90_000 }),
      endSample: fc.integer({ min: 0, max: 90_000 }),
      confidence: fc.constant(1),
    });
    fc.assert(
      fc.property(fc.array(anyWord, { maxLength: 60 }), (words) => {
        const named = words.map((one, at) => ({ ...one, text: String(at) }));
        const order: number[] = [];
        for (const { index, startSample, endSample } of window.segments) {
          let from = 0;
          for (const one of wordsBySegment(window, named).get(index) ?? []) {
            expect(one.startSample).toBeGreaterThanOrEqual(from);
            expect(one.endSample).toBeGreaterThan(one.startSample);
            expect(one.endSample).toBeLessThanOrEqual(endSample - startSample);
            from = one.endSample;
            order.push(Number(one.text));
          }
        }
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});
