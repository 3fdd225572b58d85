import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyFrame,
  type Captions,
  type CaptionWord,
  captionFrameSchema,
  captionText,
  frameBetween,
  NO_CAPTIONS,
  paragraphsOf,
  wholeFrame,
} from './captions';

function captions(words: readonly CaptionWord[], finalCount = words.length): Captions {
  return { ...NO_CAPTIONS, phase: 'listening', words, finalCount };
}

const wordArbitrary: fc.Arbitrary<CaptionWord> = fc.oneof(
  fc.constantFrom('a', 'b', 'c'),
  fc.record({ text: fc.constantFrom('a', 'b'), speaker: fc.constantFrom(null, 'Ann', 'Bob') }),
);

/** States of one recording: final words stay, unsure ones change. */
const historyArbitrary = fc
  .array(
    fc.record({
      final: fc.array(wordArbitrary, { maxLength: 6 }),
      unsure: fc.array(wordArbitrary, { maxLength: 6 }),
      phase: fc.constantFrom('waiting', 'listening', 'paused', 'ended' as const),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    const final: CaptionWord[] = [];
    return steps.map((step): Captions => {
      final.push(...step.final);
      return {
        ...captions([...final, ...step.unsure], final.length),
        phase: step.phase,
      };
    });
  });

describe('frames of captions', () => {
  test('lead from any state to the next, whatever their size', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.integer({ min: 1, max: 9 }), (history, maxWords) => {
        let shown = NO_CAPTIONS;
        for (const now of history) {
          for (;;) {
            const frame = frameBetween(shown, now, maxWords);
            if (frame === null) break;
            expect(frame.add.length).toBeLessThanOrEqual(maxWords);
            shown = applyFrame(shown, captionFrameSchema.parse(frame));
          }
          expect(shown).toEqual(now);
        }
      }),
    );
  });

  test('are none where nothing has changed', () => {
    const now = captions(['one', 'two'], 1);
    expect(frameBetween(now, { ...now, words: ['one', 'two'] })).toBeNull();
  });

  test('carry only the words that changed', () => {
    const before = captions(['one', 'two', 'tree'], 1);
    const now = captions(['one', 'two', 'three', 'four'], 2);
    expect(frameBetween(before, now)).toMatchObject({ keep: 2, add: ['three', 'four'] });
  });

  test('give the end with the last words, not before them', () => {
    const now: Captions = { ...captions(['one', 'two', 'three']), phase: 'ended' };
    const first = frameBetween(captions([]), now, 2);
    expect(first).toMatchObject({ phase: 'listening', finalCount: 2 });
  });

  test('that would change a final word are refused', () => {
    const before = captions(['one', 'two'], 2);
    const frame = wholeFrame(captions(['one', 'too'], 2));
    expect(() => applyFrame(before, frame)).toThrow('does not follow');
  });

  test('that skip words are refused', () => {
    const frame = { ...wholeFrame(captions(['three'], 0)), keep: 2 };
    expect(() => applyFrame(captions(['one']), frame)).toThrow('does not follow');
  });
});

describe('paragraphs', () => {
  test('divide final words from unsure ones, and name a speaker once', () => {
    const words = [
      { text: 'Hello', speaker: 'Ann' },
      'there',
      { text: 'So', speaker: 'Ann' },
      { text: 'Hi', speaker: 'Bob' },
    ];
    expect(paragraphsOf(captions(words, 3))).toEqual([
      { speaker: 'Ann', final: ['Hello', 'there'], unsure: [] },
      { speaker: null, final: ['So'], unsure: [] },
      { speaker: 'Bob', final: [], unsure: ['Hi'] },
    ]);
  });

  test('become plain text, with an empty line between two', () => {
    const words = ['Good', 'morning.', { text: 'Thanks.', speaker: 'Bob' }];
    expect(captionText(captions(words))).toBe('Good morning.\n\nBob: Thanks.');
  });
});
