import { describe, expect, it } from 'vitest';
import type { Window } from '@/lib/engine/alignment/pack';
import type { DecoderBatch } from '@/lib/engine/families/seq2seq/decoder';
import type { TimedSpan } from './spans';
import { alignedTimes, attentionTimes, boundedTimes, type WindowText } from './word-times';

const END = 100;
const TIME = 110;

/** Two segments of 2 s, half a second apart. */
const window: Window = {
  samples: 72_000,
  segments: [
    { index: 0, startSample: 0, endSample: 32_000 },
    { index: 1, startSample: 40_000, endSample: 72_000 },
  ],
};

const span = (
  firstToken: number,
  lastToken: number,
  startSample: number,
  endSample: number,
): TimedSpan => ({ firstToken, lastToken, startSample, endSample });

const word = (text: string, firstToken: number, lastToken = firstToken) => ({
  text,
  firstToken,
  lastToken,
  confidence: 1,
});

const time = (startSample: number, endSample: number) => ({ startSample, endSample });

describe('boundedTimes', () => {
  const words = [word('one', 1), word('two', 2), word('three', 3)];
  const spans = [span(1, 2, 0, 20_000), span(3, 3, 40_000, 60_000)];

  it('takes times as they were found where they lie in their span', () => {
    const found = [time(1000, 5000), time(6000, 9000), time(41_000, 50_000)];
    expect(boundedTimes({ window, words, spans }, found)).toEqual(found);
  });

  it('cuts nothing off at the edges of a span', () => {
    const found = [time(1000, 5000), time(6000, 21_000), time(39_000, 50_000)];
    expect(boundedTimes({ window, words, spans }, found)).toEqual(found);
  });

  it('spreads the words of a span that were found elsewhere', () => {
    const found = [time(21_000, 25_000), time(26_000, 30_000), time(41_000, 50_000)];
    const [first, second, third] = boundedTimes({ window, words, spans }, found);
    expect(first).toEqual(time(0, 10_000));
    expect(second).toEqual(time(10_000, 20_000));
    expect(third).toEqual(found[2]);
  });

  it('spreads words over speech, and not over the silence between segments', () => {
    const all = [span(1, 3, 0, 72_000)];
    const times = boundedTimes({ window, words, spans: all }, null);
    for (const { startSample, endSample } of times) {
      const inside = window.segments.some(
        (slot) => Math.min(endSample, slot.endSample) > Math.max(startSample, slot.startSample),
      );
      expect(inside).toBe(true);
    }
    // 11 letters over 64,000 samples of speech
    expect(times[0]).toEqual(time(0, 17_455));
    expect(times[2]?.endSample).toBe(72_000);
  });
});

describe('attentionTimes', () => {
  it('finds words where the decoder looked when it chose them', async () => {
    const text: WindowText = {
      window,
      pcm: new Float32Array(72_000),
      tokens: [TIME, 1, 2, TIME + 50, TIME + 60, 3, TIME + 90],
      words: [word('onetwo', 1, 2), word('three', 5)],
      spans: [],
      plainPrompt: [101, 109],
    };
    const frames = 300;
    let asked: readonly number[] = [];
    // rows: start, <|notimestamps|>, 1, 2, 3; each looks 40 ms after where its sound begins
    const looked = [0, 22, 62, 102, 222];
    const batch: Pick<DecoderBatch, 'crossAttention'> = {
      async crossAttention(row, sequence, heads) {
        expect([row, heads]).toEqual([2, [[1, 3]]]);
        asked = sequence;
        const weights = new Float32Array(sequence.length * frames).fill(0.001);
        for (const [at, place] of looked.entries()) weights[at * frames + place] = 0.8;
        return [weights];
      },
    };
    // loud up to 1.5 s, and from 2 s on
    text.pcm.fill(0.1, 0, 24_000).fill(0.1, 32_000);
    const times = await attentionTimes(batch, 2, text, {
      onsetHeads: [{ layer: 1, head: 3, lagMs: 40 }],
      endId: END,
    });
    expect(asked).toEqual([101, 109, 1, 2, 3]);
    expect(times).toEqual([time(20 * 320, 24_000), time(100 * 320, 72_000)]);
  });

  it('gives no times for a model without known heads or without attention outputs', async () => {
    const text = {
      tokens: [1],
      words: [word('one', 0)],
      plainPrompt: [101],
    } as unknown as WindowText;
    const batch = { crossAttention: () => Promise.resolve(null) };
    expect(await attentionTimes(batch, 0, text, { onsetHeads: null, endId: END })).toBeNull();
    expect(
      await attentionTimes(batch, 0, text, {
        onsetHeads: [{ layer: 0, head: 0, lagMs: 0 }],
        endId: END,
      }),
    ).toBeNull();
  });
});

describe('alignedTimes', () => {
  const aligner = { align: async () => [time(1, 2)] };
  const ask = (text: string) =>
    alignedTimes(aligner, { pcm: new Float32Array(1), words: [word(text, 0)] });

  it('asks the aligner for words in Latin letters, of any language', async () => {
    expect(await ask('grüße')).toEqual([time(1, 2)]);
  });

  it('does not ask it for other scripts', async () => {
    expect(await ask('слова')).toBeNull();
    expect(await ask('言葉')).toBeNull();
    expect(await ask('1984')).toBeNull();
  });
});
