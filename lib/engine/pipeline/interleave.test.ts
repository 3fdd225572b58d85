import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core';
import {
  type Interleaving,
  interleave,
  NOTHING_SAID,
  type PlacedSegment,
  type TrackSpeech,
} from './interleave';

/** Speech of a track, from `[text, startMs, endMs]`; it begins 50 ms before its first word and ends 50 ms after its last. */
function said(track: number, ...words: [string, number, number][]): TrackSpeech {
  const startMs = Math.max(0, (words[0]?.[1] ?? 0) - 50);
  const endMs = (words.at(-1)?.[2] ?? 0) + 50;
  return {
    track,
    startMs,
    endMs,
    words: words.map(([text, from, to]) => ({ text, startMs: from, endMs: to, confidence: 0.9 })),
  };
}

const whole = (speech: TrackSpeech[]) =>
  interleave(NOTHING_SAID, speech, Number.POSITIVE_INFINITY).segments;
const lines = (segments: PlacedSegment[]) => segments.map(({ track, text }) => `${track}: ${text}`);

describe('the speech of several tracks', () => {
  it('comes in the order in which it is said, as it is where nobody speaks at the same time', () => {
    const segments = whole([
      said(1, ['hello', 100, 400]),
      said(0, ['good', 1000, 1200], ['morning', 1200, 1600]),
      said(1, ['so', 2000, 2100]),
    ]);
    expect(lines(segments)).toEqual(['1: hello', '0: good morning', '1: so']);
    expect(segments.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [50, 450],
      [950, 1650],
      [1950, 2150],
    ]);
  });

  it('is divided where another speaker says something in between', () => {
    const segments = whole([
      said(0, ['we', 0, 300], ['went', 300, 600], ['out', 1500, 1800], ['late', 1800, 2200]),
      said(1, ['yes', 700, 1000]),
    ]);
    expect(lines(segments)).toEqual(['0: we went', '1: yes', '0: out late']);
    expect(segments.map(({ words }) => words[0]?.startMs)).toEqual([0, 700, 1500]);
  });

  it('keeps the end of a sentence together when the answer begins a little early', () => {
    const segments = whole([
      said(0, ['at', 0, 300], ['the', 300, 500], ['end', 500, 900]),
      said(1, ['yes', 400, 700], ['but', 1000, 1200]),
    ]);
    expect(lines(segments)).toEqual(['0: at the end', '1: yes but']);
    expect(segments.map(({ words }) => words.map(({ startMs }) => startMs))).toEqual([
      [0, 300, 500],
      [501, 1000],
    ]);
  });

  it('takes short turns where two speak at once', () => {
    const talk = (track: number, from: number) =>
      said(
        track,
        ...Array.from({ length: 8 }, (_, at): [string, number, number] => [
          `w${at}`,
          from + at * 250,
          from + at * 250 + 200,
        ]),
      );
    const segments = whole([talk(0, 0), talk(1, 100)]);
    expect(segments.length).toBeGreaterThan(2);
    expect(segments.length).toBeLessThan(14);
    expect(segments.flatMap(({ words }) => words)).toHaveLength(16);
  });

  it('waits for what may still come before it', () => {
    const first = interleave(NOTHING_SAID, [said(0, ['a', 0, 300], ['b', 5000, 5300])], 1000);
    expect(lines(first.segments)).toEqual([]);
    const second = interleave(first.after, [said(1, ['c', 2000, 2300])], 9000);
    expect(lines(second.segments)).toEqual(['0: a', '1: c', '0: b']);
    expect(second.after.waiting).toEqual([]);
  });
});

/** Speech of up to three tracks, segment by segment, as the recogniser gives it. */
const conversation = fc
  .array(
    fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 1500 }),
        words: fc.array(
          fc.record({
            gapMs: fc.integer({ min: 0, max: 300 }),
            lengthMs: fc.integer({ min: 1, max: 500 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
      { maxLength: 5 },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((tracks) =>
    tracks
      .flatMap((speech, track) => {
        let atMs = 0;
        return speech.map(({ pauseMs, words }, index) => {
          const startMs = atMs + pauseMs;
          atMs = startMs;
          const timed = words.map(({ gapMs, lengthMs }, at) => {
            const from = atMs + gapMs;
            atMs = from + lengthMs;
            return {
              text: `t${track}s${index}w${at}`,
              startMs: from,
              endMs: atMs,
              confidence: 0.5,
            };
          });
          atMs += 20;
          return { track, startMs, endMs: atMs, words: timed };
        });
      })
      .sort((a, b) => a.startMs - b.startMs || a.track - b.track),
  );

describe('segments of several tracks', () => {
  it('are ordered, apart, and hold their words in order', () => {
    fc.assert(
      fc.property(conversation, (speech) => {
        const segments = whole(speech);
        let endMs = 0;
        for (const segment of segments) {
          expect(segment.startMs).toBeGreaterThanOrEqual(endMs);
          endMs = segment.startMs;
          for (const word of segment.words) {
            expect(word.startMs).toBeGreaterThanOrEqual(endMs);
            expect(word.endMs).toBeGreaterThan(word.startMs);
            endMs = word.endMs;
          }
          expect(segment.endMs).toBeGreaterThanOrEqual(endMs);
          endMs = segment.endMs;
          expect(segment.text).toBe(joinWords(segment.words.map(({ text }) => text)));
        }
      }),
    );
  });

  it('hold every word once, those of a track in its order, hardly later than they were said', () => {
    fc.assert(
      fc.property(conversation, (speech) => {
        const words = whole(speech).flatMap((segment) =>
          segment.words.map((word) => ({ ...word, track: segment.track })),
        );
        for (const track of [0, 1, 2]) {
          const own = speech.filter((one) => one.track === track).flatMap((one) => one.words);
          const placed = words.filter((word) => word.track === track);
          expect(placed.map(({ text }) => text)).toEqual(own.map(({ text }) => text));
          placed.forEach((word, at) => {
            const delayMs = word.startMs - (own[at]?.startMs ?? 0);
            expect(delayMs).toBeGreaterThanOrEqual(0);
            expect(delayMs).toBeLessThanOrEqual(300 + words.length);
          });
        }
      }),
    );
  });

  it('do not depend on how the speech is divided, nor on how much is known to be complete', () => {
    fc.assert(
      fc.property(conversation, fc.infiniteStream(fc.nat(4)), (speech, sizes) => {
        const segments: PlacedSegment[] = [];
        let state: Interleaving = NOTHING_SAID;
        for (let at = 0; at < speech.length; ) {
          const size = 1 + (sizes.next().value ?? 0);
          const batch = speech.slice(at, at + size);
          at += size;
          const nextMs = speech[at]?.startMs ?? Number.POSITIVE_INFINITY;
          const least = batch.at(-1)?.startMs ?? 0;
          const untilMs = sizes.next().value === 0 ? nextMs : Math.min(nextMs, least);
          // as it is stored
          state = JSON.parse(JSON.stringify(state));
          const { segments: made, after } = interleave(state, batch, untilMs);
          segments.push(...made);
          state = after;
        }
        segments.push(...interleave(state, [], Number.POSITIVE_INFINITY).segments);
        expect(segments).toEqual(whole(speech));
      }),
    );
  });
});
