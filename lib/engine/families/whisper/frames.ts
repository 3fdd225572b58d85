import { SAMPLE_RATE_HZ, WHISPER_FRAMES, WHISPER_HOP_SAMPLES } from '@/lib/engine/audio';
import { STEP_ROWS } from '@/lib/engine/families/seq2seq';

/** The longest window, and the only one that most models know. */
export const WHISPER_SECONDS = 30;

/** Log-mel frames of a window are a multiple of it: kernels take 12 encoded frames at a time. */
const STEP_FRAMES = 24;

/** Silence behind the speech, by which its end is known. */
const MARGIN_SAMPLES = 0.4 * SAMPLE_RATE_HZ;

/** Windows much shorter than the longest of a run would mostly be padding. */
const LEAST_SHARE = 0.6;

/** Windows of one run, at most, however short: the decoder takes steps for so many. */
const MOST_ROWS = STEP_ROWS;

/**
 * Log-mel frames that the encoder is given of a window.
 * @param samples of the window, up to 30 s
 * @param shortestWindow seconds, see `WhisperConfig`
 */
export function windowFrames(samples: number, shortestWindow: number): number {
  const wanted = Math.max(samples + MARGIN_SAMPLES, shortestWindow * SAMPLE_RATE_HZ);
  const steps = Math.ceil(wanted / (WHISPER_HOP_SAMPLES * STEP_FRAMES));
  return Math.min(WHISPER_FRAMES, steps * STEP_FRAMES);
}

/**
 * Seconds beyond which segments are not put into one window. What a frame costs grows with its window,
 * in the encoder's attention and in every token's: a model that knows short windows is quicker in some
 * that hold a sentence or two (`docs/models.md` has what they cost in words).
 */
export function windowSeconds(shortestWindow: number): number {
  return Math.max(shortestWindow, 16);
}

/** All that `windowFrames` can give. */
export function frameCounts(shortestWindow: number): number[] {
  const counts: number[] = [];
  for (
    let frames = windowFrames(0, shortestWindow);
    frames <= WHISPER_FRAMES;
    frames += STEP_FRAMES
  )
    counts.push(frames);
  return counts;
}

/**
 * Which windows are run together: those of similar length, since all are filled up to the longest.
 * @param frames of each window
 * @param maxRows windows of 30 s of one run, at most; of shorter ones as many as hold as much
 * @returns indices, by run; the longest windows first
 */
export function groupWindows(frames: readonly number[], maxRows: number): number[][] {
  const byLength = [...frames.keys()].sort((a, b) => (frames[b] ?? 0) - (frames[a] ?? 0));
  const groups: number[][] = [];
  let longest = 0;
  for (const index of byLength) {
    const own = frames[index] ?? 0;
    const group = groups.at(-1);
    const rows = (group?.length ?? 0) + 1;
    const fits = rows <= MOST_ROWS && rows * longest <= maxRows * WHISPER_FRAMES;
    if (group && fits && own >= LEAST_SHARE * longest) group.push(index);
    else {
      groups.push([index]);
      longest = own;
    }
  }
  return groups;
}
