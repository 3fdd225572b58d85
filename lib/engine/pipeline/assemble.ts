import { joinWords } from '@/lib/core';
import type { SpeechHypothesis } from '@/lib/engine';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { TranscriptSegment, Word } from '@/lib/transcript';

/** A recognised speech segment: its position in the recording, and its words. */
export interface RecognisedSpeech {
  /** [startSample, endSample) of the recording at 16 kHz. */
  startSample: number;
  endSample: number;
  hypothesis: SpeechHypothesis;
  /** Parts whose words are those of another track. */
  copies?: readonly { startSample: number; endSample: number }[];
}

/**
 * Turns recognised speech into a segment of the transcript: whole milliseconds, words in order,
 * inside the segment, without overlap, each at least 1 ms long. The same speech and index always
 * give the same segment, so that a resumed transcript equals an unbroken one.
 * @param index position among the transcript's segments; the id is made from it
 * @returns `null` when no words were recognised
 */
export function assembleSegment(speech: RecognisedSpeech, index: number): TranscriptSegment | null {
  const recognised = speech.hypothesis.words
    .map((word) => ({ ...word, text: word.text.trim().replace(/\s+/g, ' ') }))
    .filter((word) => word.text !== '' && !isCopied(speech, word));
  if (recognised.length === 0) return null;
  const startMs = toMs(speech.startSample);
  // room for one millisecond a word, also where a recogniser finds words in next to nothing
  const endMs = Math.max(toMs(speech.endSample), startMs + recognised.length);
  let freeMs = startMs;
  const words = recognised.map(
    ({ text, startSample, endSample, confidence, alternatives }, i): Word => {
      const wordsAfter = recognised.length - i - 1;
      const wordStartMs = clamp(
        toMs(speech.startSample + startSample),
        freeMs,
        endMs - wordsAfter - 1,
      );
      const wordEndMs = clamp(
        toMs(speech.startSample + endSample),
        wordStartMs + 1,
        endMs - wordsAfter,
      );
      freeMs = wordEndMs;
      return {
        text,
        startMs: wordStartMs,
        endMs: wordEndMs,
        confidence: clamp(confidence, 0, 1),
        ...(alternatives && { alternatives: [...alternatives] }),
      };
    },
  );
  return {
    id: `seg-${index}`,
    startMs,
    endMs,
    speakerId: null,
    text: joinWords(words.map(({ text }) => text)),
    edited: false,
    words,
  };
}

function isCopied(
  { startSample, copies = [] }: RecognisedSpeech,
  word: { startSample: number; endSample: number },
): boolean {
  const middle = startSample + (word.startSample + word.endSample) / 2;
  return copies.some((copy) => copy.startSample <= middle && middle < copy.endSample);
}

/** Samples at 16 kHz to whole milliseconds. */
function toMs(samples: number): number {
  return Math.round(samples / SAMPLES_PER_MS);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
