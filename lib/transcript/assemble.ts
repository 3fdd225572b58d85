import type { SpeechHypothesis } from '../asr/recogniser';
import { SAMPLES_PER_MS } from '../media/constants';
import type { TranscriptSegment, Word } from './types';

/** A speech segment with what the recogniser made of it; samples count from the recording's start. */
export interface RecognisedSpeech {
  startSample: number;
  endSample: number;
  hypothesis: SpeechHypothesis;
}

/**
 * Makes a transcript segment in whole milliseconds: words lie inside it, in order, and each lasts
 * at least one millisecond.
 * @param index position in the transcript; the id follows from it, so that a resumed run makes
 *   the same segments as an unbroken one
 * @returns `null` when no words were recognised
 */
export function assembleSegment(speech: RecognisedSpeech, index: number): TranscriptSegment | null {
  const { words: found } = speech.hypothesis;
  if (found.length === 0) return null;
  const startMs = Math.floor(speech.startSample / SAMPLES_PER_MS);
  // room for every word, even where a recogniser gave hundreds for an instant
  const endMs = Math.max(Math.ceil(speech.endSample / SAMPLES_PER_MS), startMs + found.length);
  let floorMs = startMs;
  const words = found.map((word, at): Word => {
    const ceilingMs = endMs - (found.length - 1 - at);
    const toMs = (sample: number) => startMs + Math.round(sample / SAMPLES_PER_MS);
    const from = Math.min(Math.max(toMs(word.startSample), floorMs), ceilingMs - 1);
    const to = Math.min(Math.max(toMs(word.endSample), from + 1), ceilingMs);
    floorMs = to;
    const confidence = Math.round(Math.min(1, Math.max(0, word.confidence)) * 1000) / 1000;
    return { text: word.text, startMs: from, endMs: to, confidence };
  });
  return {
    id: `seg-${index}`,
    startMs,
    endMs,
    speakerId: null,
    text: words.map((word) => word.text).join(' '),
    edited: false,
    words,
  };
}
