import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nemoPieces, tokenizerJson, tokenLines } from '@/tools/random-models/nemo-tokens';
import { type FoundToken, parseTokens, subsamplingOf, wordsOf } from './tokens';

const read = (text: string) => parseTokens(new TextEncoder().encode(text));

describe('parseTokens', () => {
  it('reads a piece and its id on each line, in any order and with any line ends', () => {
    const tokens = read('<unk> 0\r\n▁the 2\r\n▁ 1\n. 3\n<blk> 4\n');
    expect(tokens).toMatchObject({ blank: 4, classes: 5 });
    expect(tokens.decode([2, 1, 3])).toBe(' the .');
    expect(tokens.idOf('▁the')).toBe(2);
    expect(tokens.idOf('the')).toBeNull();
  });

  it('reads the vocabulary of a tokenizer.json, with the tokens added to it', () => {
    const pieces = nemoPieces('<pad>');
    const tokens = read(JSON.stringify(tokenizerJson(pieces)));
    const listed = read(tokenLines(pieces));
    expect(tokens).toMatchObject({ blank: pieces.length - 1, classes: pieces.length });
    const ids = pieces.map((_, id) => id);
    expect(tokens.decode(ids)).toBe(listed.decode(ids));
    expect(tokens.isSpecial(0)).toBe(true);
  });

  it('reads the vocabulary of a Unigram tokenizer, which has pieces in order', () => {
    const vocab = [
      ['<unk>', 0],
      ['▁a', -1.5],
    ];
    const tokens = read(
      JSON.stringify({ model: { vocab }, added_tokens: [{ id: 2, content: '<pad>' }] }),
    );
    expect(tokens).toMatchObject({ blank: 2, classes: 3 });
    expect(tokens.decode([1])).toBe(' a');
  });

  it('uses the id after the last piece as the blank where none is named', () => {
    expect(read('▁a 0\nb 1\n')).toMatchObject({ blank: 2, classes: 3 });
  });

  it('prefers the blank to padding, which the multilingual vocabulary also has', () => {
    expect(read('<unk> 0\n<pad> 1\n▁a 2\n<blk> 3\n').blank).toBe(3);
  });

  it('gives no text for special pieces, the blank and ids that are not there', () => {
    const tokens = read('<|nospeech|> 0\n▁é 1\n< 2\n<blk> 5\n');
    expect([0, 1, 2, 3, 5, 99].map(tokens.isSpecial)).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(tokens.decode([0, 1, 2, 3, 5, 99])).toBe(' é<');
    expect(tokens.decode([0, 1], { keepSpecial: true })).toBe('<|nospeech|> é');
  });

  it.each([
    ['nothing', ''],
    ['a line without an id', '▁a 0\n▁b\n'],
    ['an id beyond any vocabulary', '▁a 99999999999\n'],
    ['JSON that is cut off', '{"model": {'],
    ['JSON without a vocabulary', '{"model": {}}'],
  ])('refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }));
  });
});

const FRAME = 1280;
const tokens = parseTokens(
  new TextEncoder().encode(
    ['<unk>', '▁he', 'llo', ',', '▁W', 'ör', 'ld', '▁', '.', '▁?', "'s", '<|x|>', '<blk>']
      .map((piece, id) => `${piece} ${id}`)
      .join('\n'),
  ),
);

/** Tokens of one frame each, or of those given. */
function found(...entries: [piece: string, firstFrame: number, endFrame?: number][]): FoundToken[] {
  return entries.map(([piece, firstFrame, endFrame = firstFrame + 1]) => ({
    id: tokens.idOf(piece) ?? 0,
    firstFrame,
    endFrame,
    logProb: Math.log(0.5),
  }));
}

describe('wordsOf', () => {
  it('joins pieces to words from the first frame to the end of the last', () => {
    const path = found(
      ['▁he', 2, 4],
      ['llo', 4, 5],
      [',', 6],
      ['▁W', 9, 10],
      ['ör', 10],
      ['ld', 12, 15],
    );
    expect(wordsOf(path, tokens, FRAME, 20 * FRAME)).toEqual([
      { text: 'hello,', startSample: 2 * FRAME, endSample: 7 * FRAME, confidence: 0.5 },
      { text: 'Wörld', startSample: 9 * FRAME, endSample: 15 * FRAME, confidence: 0.5 },
    ]);
  });

  it('puts punctuation that has a space before it to the word before', () => {
    const path = found(['▁he', 0], ['llo', 1], ['▁?', 3], ['▁', 4], ['.', 4], ['▁W', 6]);
    expect(wordsOf(path, tokens, FRAME, 10 * FRAME).map(({ text }) => text)).toEqual([
      'hello?.',
      'W',
    ]);
  });

  it('gives no words for special pieces', () => {
    const path = found(['<unk>', 0], ['<|x|>', 1]);
    expect(wordsOf(path, tokens, FRAME, 4 * FRAME)).toEqual([]);
  });

  it('shares the time of one frame among the words that begin in it', () => {
    const path = found(['▁he', 3, 4], ['▁W', 3, 5]);
    const words = wordsOf(path, tokens, FRAME, 10 * FRAME);
    expect(words[0]).toMatchObject({ startSample: 3 * FRAME });
    expect(words[0]?.endSample).toBe(words[1]?.startSample);
    expect(words[1]).toMatchObject({ endSample: 5 * FRAME });
  });

  it('ends a word where the next begins', () => {
    const words = wordsOf(found(['▁he', 1, 5], ['▁W', 3, 4]), tokens, FRAME, 10 * FRAME);
    expect(words.map(({ endSample }) => endSample)).toEqual([3 * FRAME, 4 * FRAME]);
  });

  it('averages the probabilities of a word', () => {
    const path = found(['▁he', 1], ['llo', 2]).map((token, at) => ({
      ...token,
      logProb: Math.log(at === 0 ? 0.9 : 0.3),
    }));
    expect(wordsOf(path, tokens, FRAME, 10 * FRAME)[0]?.confidence).toBeCloseTo(0.6);
  });

  it('always gives words in order that do not overlap, inside the segment', () => {
    const pieces = nemoPieces('<blk>');
    const many = parseTokens(new TextEncoder().encode(tokenLines(pieces)));
    // as the searches give them: ten tokens of one frame at most, durations of 0 to 4
    const step = fc.record({
      id: fc.nat({ max: pieces.length - 2 }),
      duration: fc.nat({ max: 4 }),
      pause: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: FRAME - 160 }), (steps, cut) => {
        let frame = 0;
        let inFrame = 0;
        const path = steps.map(({ id, duration, pause }): FoundToken => {
          const firstFrame = frame;
          inFrame = duration + pause === 0 ? inFrame + 1 : 0;
          frame += inFrame >= 10 ? 1 : duration + pause;
          if (inFrame >= 10) inFrame = 0;
          const endFrame = firstFrame + Math.max(1, duration);
          return { id, firstFrame, endFrame, logProb: -0.5 };
        });
        const samples = (frame + 1) * FRAME - cut;
        const words = wordsOf(path, many, FRAME, samples);
        for (const [at, { text, startSample, endSample, confidence }] of words.entries()) {
          expect(text).not.toMatch(/^$|\s|▁/);
          expect(startSample).toBeGreaterThanOrEqual(words[at - 1]?.endSample ?? 0);
          expect(endSample).toBeGreaterThan(startSample);
          expect(endSample).toBeLessThanOrEqual(samples);
          expect(confidence).toBeCloseTo(Math.exp(-0.5));
        }
      }),
    );
  });
});

describe('subsamplingOf', () => {
  it('is 8 wherever 8 is possible', () => {
    for (const frames of [1, 7, 8, 9, 100, 443, 2000])
      expect(subsamplingOf(frames, Math.ceil(frames / 8))).toBe(8);
  });

  it('finds other factors, and takes the quotient where none fits', () => {
    expect(subsamplingOf(400, 100)).toBe(4);
    expect(subsamplingOf(401, 401)).toBe(1);
    expect(subsamplingOf(400, 80)).toBe(5);
  });
});
