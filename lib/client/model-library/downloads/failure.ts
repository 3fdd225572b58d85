import { type ErrorCode, toAppError } from '@/lib/core';
import { statusOf } from '../hub/hub-listing';

/** Hub responses that mean a file does not exist, or is not public. */
const NOT_THERE = new Set<number | null>([401, 403, 404, 410]);

/** A download's failure as stored: retrying does not help if a file is NOT_FOUND. */
export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  const { code, message } = toAppError(error, 'MODEL_DOWNLOAD_FAILED');
  return { code: NOT_THERE.has(statusOf(error)) ? 'NOT_FOUND' : code, message };
}
