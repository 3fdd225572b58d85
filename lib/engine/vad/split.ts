import { FRAME_SAMPLES } from './constants';

/** Silence between two regions of speech: frames [from, to). */
export interface Pause {
  from: number;
  to: number;
}

/** Frames on both sides that the level is averaged over (with the frame itself 160 ms). */
const SMOOTHING_FRAMES = 2;

/** The part of the longest segment in which a cut inside speech may lie: the last two fifths. */
const CUT_FROM = 0.6;

/**
 * The pause at which a span that is too long should be divided: a long one, late in the segment,
 * so that segments are cut where the speaker stops and are not short.
 * @param limits.takeFirst gives the first pause that leaves at least `minSamples` instead
 * @returns `null` when every pause would leave less than `minSamples` or more than `maxSamples`
 */
export function fullestPause(
  span: { startSample: number; pauses: readonly Pause[] },
  limits: { minSamples: number; maxSamples: number; takeFirst: boolean },
): Pause | null {
  let best: Pause | null = null;
  let bestScore = 0;
  for (const pause of span.pauses) {
    const length = pause.from * FRAME_SAMPLES - span.startSample;
    if (length < limits.minSamples || length > limits.maxSamples) continue;
    if (limits.takeFirst) return pause;
    const score = (pause.to - pause.from) * length;
    if (score > bestScore) {
      best = pause;
      bestScore = score;
    }
  }
  return best;
}

/**
 * The frame at which to cut speech that does not pause: where it is quietest, in the last part of
 * the longest segment.
 * @param levelAt mean power of a frame; `undefined` where it is not known
 */
export function quietestFrame(
  span: { startSample: number; endFrame: number },
  maxSamples: number,
  levelAt: (frame: number) => number | undefined,
): number {
  const first = Math.ceil((span.startSample + CUT_FROM * maxSamples) / FRAME_SAMPLES);
  const last = Math.min(
    span.endFrame - 1,
    Math.floor((span.startSample + maxSamples) / FRAME_SAMPLES) - 1,
  );
  let best = last;
  let bestLevel = Number.POSITIVE_INFINITY;
  for (let frame = first; frame <= last; frame++) {
    let sum = 0;
    let count = 0;
    for (let at = frame - SMOOTHING_FRAMES; at <= frame + SMOOTHING_FRAMES; at++) {
      const level = levelAt(at);
      if (level === undefined || at >= span.endFrame) continue;
      sum += level;
      count++;
    }
    if (sum / count < bestLevel) {
      best = frame;
      bestLevel = sum / count;
    }
  }
  return best;
}
