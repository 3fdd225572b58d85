import { type ErrorCode, toAppError } from '@/lib/core';
import { statusOf } from '../hub/hub-listing';

/** Answers of a hub by which a file is not there, or is not there for everyone. */
const NOT_THERE = new Set<number | null>([401, 403, 404, 410]);

/** What is kept of a download's failure: asking again does not help where a file is NOT_FOUND. */
export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  const { code, message } = toAppError(error, 'MODEL_DOWNLOAD_FAILED');
  return { code: NOT_THERE.has(statusOf(error)) ? 'NOT_FOUND' : code, message };
}
