import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBuiltInModel, readGolden } from '@/lib/engine/families/ctc/test-model';
import { BeamSearch } from '@/lib/engine/search/beam-search';
import { Aligner, findWordEnd, wordTimes } from './alignment';

const UNITS = 4;

/** Scores in which each frame's unit has probability 0.91 and every other one 0.03. */
function spoken(frames: number[]): Float32Array {
  return Float32Array.from(
    frames.flatMap((unit) => Array.from({ length: UNITS }, (_, at) => (at === unit ? 0.91 : 0.03))),
    Math.log,
  );
}

describe('Aligner', () => {
  const aligner = new Aligner(UNITS, 0);

  it('finds words where their units are and leaves the pause to none of them', () => {
    const frames = [0, 1, 2, 2, 0, 0, 0, 0, 3, 0, 1, 0];
    const aligned = aligner.align(spoken(frames), frames.length, [
      [1, 2],
      [3, 1],
    ]);
    expect(aligned).toEqual([
      { firstFrame: 1, lastFrame: 3, confidence: expect.closeTo(0.91 / 0.97) },
      { firstFrame: 8, lastFrame: 10, confidence: expect.closeTo(0.91 / 0.97) },
    ]);
  });

  it('needs a blank between two of the same unit, also across words', () => {
    const frames = [1, 1, 0, 1, 1];
    expect(aligner.align(spoken(frames), 5, [[1], [1]])).toMatchObject([
      { firstFrame: 0, lastFrame: 1 },
      { firstFrame: 3, lastFrame: 4 },
    ]);
  });

  it('is less sure of a word that the scores hardly support', () => {
    const [sure, unsure] = aligner.align(spoken([1, 0, 2]), 3, [[1], [3]]);
    expect(sure?.confidence).toBeGreaterThan(0.9);
    expect(unsure?.confidence).toBeLessThan(0.1);
  });

  it('finds no words where there are none', () => {
    expect(aligner.align(spoken([0, 0]), 2, [])).toEqual([]);
  });

  it('always gives words in order, within the frames and with sound confidence', () => {
    const logit = fc.double({ min: -12, max: 6, noNaN: true });
    const word = fc.array(fc.integer({ min: 1, max: UNITS - 1 }), { minLength: 1, maxLength: 4 });
    const input = fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat({ max: 12 }))
      .chain(([words, spare]) => {
        // two frames a unit leave room for a blank between any two
        const frames = 2 * words.flat().length + spare;
        const size = frames * UNITS;
        return fc.tuple(
          fc.constant(words),
          fc.constant(frames),
          fc.array(logit, { minLength: size, maxLength: size }),
        );
      });
    fc.assert(
      fc.property(input, ([words, frames, logits]) => {
        const logProbs = logSoftmax(logits);
        const aligned = aligner.align(logProbs, frames, words);
        expect(aligned).toHaveLength(words.length);
        for (const [at, { firstFrame, lastFrame, confidence }] of aligned.entries()) {
          expect(firstFrame).toBeGreaterThan(aligned[at - 1]?.lastFrame ?? -1);
          expect(lastFrame - firstFrame + 1).toBeGreaterThanOrEqual(words[at]?.length ?? 1);
          expect(lastFrame).toBeLessThan(frames);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('fits every hypothesis that the search finds', () => {
    const { model, lexicon } = readBuiltInModel();
    const { units, search: options, recordings } = readGolden();
    const real = new Aligner(units, options.blankPenalty);
    for (const { logProbs, frames, hotWords, words } of recordings.slice(-2)) {
      const search = new BeamSearch(model, lexicon, units, options, hotWords);
      const found = search.search(logProbs, frames);
      const aligned = real.align(
        logProbs,
        frames,
        found.map(({ node }) => search.lexicon.unitsTo(node)),
      );
      expect(aligned).toHaveLength(words.length);
      // the search's own guess of a word's start is close by
      for (const [at, { firstFrame }] of aligned.entries())
        expect(Math.abs(firstFrame - (words[at]?.frame ?? -100))).toBeLessThanOrEqual(4);
    }
  });
});

function logSoftmax(logits: readonly number[]): Float32Array {
  const out = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += UNITS) {
    const values = logits.slice(row, row + UNITS);
    const sum = Math.log(values.reduce((total, value) => total + Math.exp(value), 0));
    out.set(
      values.map((value) => value - sum),
      row,
    );
  }
  return out;
}

const FRAME = 480;
const word = (firstFrame: number, lastFrame: number) => ({ firstFrame, lastFrame, confidence: 1 });

describe('wordTimes', () => {
  it('lets a word begin before its first frame and end after its last', () => {
    expect(wordTimes([word(10, 12)], FRAME, 16_000)).toEqual([
      { startSample: 4800 - 544, endSample: 5760 + 704 },
    ]);
  });

  it('divides what lies between two words that are close', () => {
    const [first, second] = wordTimes([word(2, 4), word(5, 6)], FRAME, 16_000);
    expect(first?.endSample).toBe(second?.startSample);
    expect(first?.endSample).toBeGreaterThan(4 * FRAME);
    expect(first?.endSample).toBeLessThan(5 * FRAME);
  });

  it('gives a pause to neither of the words around it', () => {
    const [first, second] = wordTimes([word(2, 4), word(40, 41)], FRAME, 32_000);
    expect(first?.endSample).toBe(4 * FRAME + 704);
    expect(second?.startSample).toBe(40 * FRAME - 544);
  });

  it('keeps words in order, apart and inside the segment', () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 5 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: FRAME }), (all, tail) => {
        let frame = all[0]?.[1] ?? 0;
        const words = all.map(([frames, pause]) => {
          const made = word(frame, frame + frames - 1);
          frame += frames + pause;
          return made;
        });
        // the last frame's centre lies inside the segment
        const samples = (words.at(-1)?.lastFrame ?? 0) * FRAME + tail;
        let before = 0;
        for (const { startSample, endSample } of wordTimes(words, FRAME, samples)) {
          expect(Number.isInteger(startSample) && Number.isInteger(endSample)).toBe(true);
          expect(startSample).toBeGreaterThanOrEqual(before);
          expect(endSample).toBeGreaterThan(startSample);
          expect(endSample).toBeLessThanOrEqual(samples);
          before = endSample;
        }
      }),
    );
  });
});

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
