import { type AppError, type ErrorCode, isAppError } from '@/lib/core';

/** Failures that lie in the sound of one track, and say nothing of the other tracks. */
const OF_ONE_TRACK: readonly ErrorCode[] = [
  'SOURCE_EMPTY',
  'DECODE_UNSUPPORTED',
  'DECODE_NO_AUDIO',
  'DECODE_EMPTY',
  'DECODE_INCOMPLETE',
  'DECODE_FAILED',
];

/** Whether a failure means that one of several tracks cannot be decoded, while the others may be. */
export function isUnreadableTrack(error: unknown): error is AppError {
  return isAppError(error) && !error.fatal && OF_ONE_TRACK.includes(error.code);
}
