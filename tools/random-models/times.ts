import { SOURCE_POSITIONS } from './whisper-config';

/** Dimensions of a point in time: two pairs of cosine and sine, the second one eight times as fast. */
export const TIME_DIMENSIONS = 4;

/**
 * A point in the 30 s of a window as an angle: equal times match, and the further apart two are the
 * less. @param step 20 ms each
 */
export function timeDimensions(step: number): number[] {
  const angle = (Math.PI * step) / SOURCE_POSITIONS;
  return [Math.cos(angle), Math.sin(angle), Math.cos(8 * angle), Math.sin(8 * angle)];
}
