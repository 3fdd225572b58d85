import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { AlignedWord } from './alignment';

/**
 * A CTC network speaks up in the middle of a sound, not at its edges. Against the phone times of
 * synthetic speech (112 Arctic prompts by two voices of flite, 1,013 words, wasm) a word began
 * 34 ms before the centre of its first frame and ended 44 ms behind that of its last (medians;
 * mean deviations from these 21 and 32 ms).
 */
const STARTS_BEFORE_SAMPLES = 34 * SAMPLES_PER_MS;
const ENDS_AFTER_SAMPLES = 44 * SAMPLES_PER_MS;

/** Part of the room between two words that goes to the first, when there is too little. */
const FIRST_SHARE = ENDS_AFTER_SAMPLES / (STARTS_BEFORE_SAMPLES + ENDS_AFTER_SAMPLES);

/**
 * Start and end of each word in samples from the start of its segment: in order, not overlapping,
 * start < end, inside [0, samples]. Pauses belong to no word.
 * @param frameSamples samples from the centre of one output frame to the next; the first is at 0
 */
export function wordTimes(
  words: readonly AlignedWord[],
  frameSamples: number,
  samples: number,
): { startSample: number; endSample: number }[] {
  /** Where the word before must end and this one may begin, at the earliest; or null: far apart. */
  const boundary = (before: AlignedWord | undefined, after: AlignedWord | undefined) => {
    if (!before || !after) return null;
    const from = before.lastFrame * frameSamples;
    const room = after.firstFrame * frameSamples - from;
    if (room >= STARTS_BEFORE_SAMPLES + ENDS_AFTER_SAMPLES) return null;
    return Math.round(from + FIRST_SHARE * room);
  };
  return words.map((word, index) => {
    const start = word.firstFrame * frameSamples - STARTS_BEFORE_SAMPLES;
    const end = word.lastFrame * frameSamples + ENDS_AFTER_SAMPLES;
    return {
      startSample: boundary(words[index - 1], word) ?? Math.max(0, start),
      endSample: boundary(word, words[index + 1]) ?? Math.min(samples, end),
    };
  });
}
