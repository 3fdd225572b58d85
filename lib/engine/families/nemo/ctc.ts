import { AppError } from '@/lib/core';
import type { FoundToken } from './words';

/**
 * The most probable token of each frame, the same one in neighbouring frames taken once, blanks
 * left out (best path of Graves et al. 2006, section 3.2).
 * @param scores `frames * classes` logits or log-probabilities
 * @returns in order of time; a token's probability is that in its best frame
 * @throws RECOGNISE_FAILED for scores that are not finite
 */
export function searchCtc(
  scores: Float32Array,
  frames: number,
  classes: number,
  blank: number,
): FoundToken[] {
  const tokens: FoundToken[] = [];
  let last = blank;
  for (let frame = 0; frame < frames; frame++) {
    const row = frame * classes;
    let id = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < classes; at++) {
      const score = scores[row + at] ?? Number.NaN;
      if (score > best) {
        best = score;
        id = at;
      }
    }
    if (!Number.isFinite(best))
      throw new AppError('RECOGNISE_FAILED', `The best score of frame ${frame} is ${best}.`);
    if (id !== blank) {
      const logProb = logProbOf(best, scores, row, classes);
      const open = tokens.at(-1);
      if (id === last && open) {
        open.endFrame = frame + 1;
        open.logProb = Math.max(open.logProb, logProb);
      } else tokens.push({ id, firstFrame: frame, endFrame: frame + 1, logProb });
    }
    last = id;
  }
  return tokens;
}

/** Log-softmax of the best score; the same number for logits and for log-probabilities. */
function logProbOf(best: number, scores: Float32Array, row: number, classes: number): number {
  let sum = 0;
  for (let at = 0; at < classes; at++) sum += Math.exp((scores[row + at] ?? 0) - best);
  return -Math.log(sum);
}
