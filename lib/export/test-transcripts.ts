import fc from 'fast-check';
import { joinWords } from '../core/text';
import type { Transcript, TranscriptSegment, Word } from '../transcript/types';

/** A transcript with these segments, by the speakers `s1` and `s2`. */
export function transcript(segments: TranscriptSegment[]): Transcript {
  return {
    version: 1,
    id: '7b1f2f1e-0000-4000-8000-000000000000',
    title: 'Talk',
    language: 'en',
    // noon: the same day almost everywhere
    createdAt: '2026-01-02T12:04:05.000Z',
    durationMs: segments.at(-1)?.endMs ?? 0,
    source: { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 1, sha256: null },
    model: { id: 'test', backend: 'wasm', precision: 'int8' },
    speakers: segments.some(({ speakerId }) => speakerId !== null)
      ? [
          { id: 's1', name: 'Ann & Co. <1>' },
          { id: 's2', name: 'Bo' },
        ]
      : [],
    segments,
  };
}

/** A word that is said, after silence of `gapMs`. */
export interface Said {
  text: string;
  lengthMs: number;
  gapMs: number;
}

/** Words said one after another. */
export function segment(said: Said[], fromMs = 0, speakerId: string | null = null) {
  let at = fromMs;
  const words = said.map(({ text, lengthMs, gapMs }): Word => {
    const startMs = at + gapMs;
    at = startMs + lengthMs;
    return { text, startMs, endMs: at, confidence: 0.5 };
  });
  return {
    id: `s${fromMs}`,
    startMs: fromMs,
    endMs: at,
    speakerId,
    text: joinWords(words.map(({ text }) => text)),
    edited: false,
    words,
  };
}

/** A sentence said evenly. */
export function sentence(
  text: string,
  fromMs: number,
  speakerId: string | null = null,
  lengthMs = 300,
) {
  return segment(
    text.split(' ').map((word) => ({ text: word, lengthMs, gapMs: 20 })),
    fromMs,
    speakerId,
  );
}

export const said: fc.Arbitrary<Said> = fc.record({
  text: fc.oneof(
    fc.stringMatching(/^[a-z]{1,12}[.,?]?$/),
    fc.stringMatching(/^\S{1,90}$/),
    fc.stringMatching(/^[世界天気。、「」]{1,60}$/),
    fc.stringMatching(/^[ก-ฮ]{1,12}$/),
    fc.constantFrom('-->', '&', '<b>', 'R&D', '&amp;', '1', '00:00:01,000', 'WEBVTT', '🙂', '=1+1'),
  ),
  lengthMs: fc.integer({ min: 1, max: 9000 }),
  gapMs: fc.oneof(fc.constant(0), fc.nat(4000)),
});

/** Segments that follow each other, each of a speaker, or of nobody where there are none. */
function madeOf(parts: fc.Arbitrary<Said[]>, speakers: fc.Arbitrary<string | null>) {
  return fc.array(fc.tuple(parts, speakers), { maxLength: 5 }).map((all) => {
    let fromMs = 3_590_000;
    return transcript(
      all.map(([part, speakerId]) => {
        const made = segment(part, fromMs, speakerId);
        fromMs = made.endMs;
        // between segments there may be silence
        return { ...made, startMs: made.words[0]?.startMs ?? made.startMs };
      }),
    );
  });
}

const parts = fc.array(said, { minLength: 1, maxLength: 60 });

/** Nobody said who speaks. */
export const transcripts = madeOf(parts, fc.constant(null));

/** A conversation. */
export const conversations = madeOf(parts, fc.constantFrom('s1', 's2', null));

/** All words of a transcript, in order. */
export const wordsIn = ({ segments }: Transcript) => segments.flatMap(({ words }) => words);
