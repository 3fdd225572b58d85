import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core/text';
import { transcriptSegmentSchema } from '@/lib/transcript/types';
import { assembleSegment } from './assemble';

const word = fc.record({
  text: fc.oneof(
    fc.stringMatching(/^[a-z']{1,8}$/),
    fc.constantFrom('', ' ', ' a  b ', '世界', '你好。'),
  ),
  startSample: fc.integer({ min: -2000, max: 330_000 }),
  endSample: fc.integer({ min: -2000, max: 330_000 }),
  confidence: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
});
const speech = fc.record({
  startSample: fc.nat(1e9),
  length: fc.integer({ min: 1600, max: 320_000 }),
  words: fc.array(word, { maxLength: 60 }),
});

describe('assembleSegment', () => {
  it('gives a valid segment with its words in order and inside, whatever the recogniser says', () => {
    fc.assert(
      fc.property(speech, fc.nat(), ({ startSample, length, words }, index) => {
        const endSample = startSample + length;
        const segment = assembleSegment({ startSample, endSample, hypothesis: { words } }, index);
        const spoken = words.filter(({ text }) => text.trim() !== '');
        if (!segment) {
          expect(spoken).toEqual([]);
          return;
        }
        expect(transcriptSegmentSchema.safeParse(segment).success).toBe(true);
        expect(segment.words).toHaveLength(spoken.length);
        expect(segment.text).toBe(joinWords(segment.words.map(({ text }) => text)));
        let at = segment.startMs;
        for (const { startMs, endMs } of segment.words) {
          expect(startMs).toBeGreaterThanOrEqual(at);
          expect(endMs).toBeGreaterThan(startMs);
          at = endMs;
        }
        expect(at).toBeLessThanOrEqual(segment.endMs);
      }),
    );
  });

  it('keeps neighbouring segments apart', () => {
    const words = [{ text: 'a', startSample: 0, endSample: 9, confidence: 1 }];
    const at = (startSample: number, endSample: number) =>
      assembleSegment({ startSample, endSample, hypothesis: { words } }, 0);
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 160, max: 1e5 }), (cut, length) => {
        const left = at(Math.max(0, cut - length), cut);
        const right = at(cut, cut + length);
        if (cut >= 160) expect(left?.endMs).toBe(right?.startMs);
      }),
    );
  });

  it('places words in the recording, in milliseconds', () => {
    const words = [
      { text: 'good', startSample: 1600, endSample: 4800, confidence: 0.5 },
      { text: 'morning', startSample: 4800, endSample: 9608, confidence: 0.25 },
    ];
    expect(
      assembleSegment({ startSample: 16_000, endSample: 32_000, hypothesis: { words } }, 7),
    ).toEqual({
      id: 'seg-7',
      startMs: 1000,
      endMs: 2000,
      speakerId: null,
      text: 'good morning',
      edited: false,
      words: [
        { text: 'good', startMs: 1100, endMs: 1300, confidence: 0.5 },
        { text: 'morning', startMs: 1300, endMs: 1601, confidence: 0.25 },
      ],
    });
  });

  it('writes text of scripts without spaces as one does', () => {
    const words = ['今天天气', '很好。', '我用', 'iPhone', '拍照,', '好吗?'].map((text, at) => ({
      text,
      startSample: at * 1600,
      endSample: (at + 1) * 1600,
      confidence: 1,
    }));
    const speech = { startSample: 0, endSample: 16_000, hypothesis: { words } };
    expect(assembleSegment(speech, 0)?.text).toBe('今天天气很好。我用 iPhone 拍照,好吗?');
  });

  it('gives nothing for speech without words', () => {
    const hypothesis = { words: [] };
    expect(assembleSegment({ startSample: 0, endSample: 16_000, hypothesis }, 0)).toBeNull();
  });
});
