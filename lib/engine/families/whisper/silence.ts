import { AppError } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Energy is looked at in pieces of this length, so that one click is not lost in a long pause. */
const PIECE_SAMPLES = SAMPLE_RATE_HZ / 40;

/** Root mean square of the loudest piece; three steps of 16-bit audio, far below any room's noise. */
const SILENCE_LEVEL = 1e-4;

/**
 * Whether there is nothing to hear at all: no piece of 25 ms is louder than -80 dB of full scale.
 * Whisper makes up words for such audio ("Thank you.").
 * @throws RECOGNISE_FAILED for a sample that is not finite
 */
export function isSilent(pcm: Float32Array): boolean {
  let loudest = 0;
  for (let from = 0; from < pcm.length; from += PIECE_SAMPLES) {
    const piece = pcm.subarray(from, from + PIECE_SAMPLES);
    let sum = 0;
    for (const sample of piece) sum += sample * sample;
    if (!Number.isFinite(sum))
      throw new AppError('RECOGNISE_FAILED', 'A sample is not a number.', { details: { from } });
    loudest = Math.max(loudest, sum / piece.length);
  }
  return loudest < SILENCE_LEVEL ** 2;
}
