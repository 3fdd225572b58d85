import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { failureOf } from './run-download';

const refused = (status: number) =>
  new AppError('MODEL_DOWNLOAD_FAILED', `The hub answered ${status}.`, { details: { status } });

describe('failureOf', () => {
  it.each([401, 403, 404, 410])('reads from status %i that a file is not there', (status) => {
    expect(failureOf(refused(status))).toEqual({
      code: 'NOT_FOUND',
      message: `The hub answered ${status}.`,
    });
  });

  it('keeps the code of what may be over soon', () => {
    expect(failureOf(refused(503)).code).toBe('MODEL_DOWNLOAD_FAILED');
    expect(failureOf(new AppError('OFFLINE', 'No network.')).code).toBe('OFFLINE');
  });

  it('takes what has no code for a broken download', () => {
    expect(failureOf(new TypeError('no')).code).toBe('MODEL_DOWNLOAD_FAILED');
  });
});
