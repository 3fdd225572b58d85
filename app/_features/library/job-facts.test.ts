import { describe, expect, it } from 'vitest';
import { remainingText } from '@/app/_features/ui/format';
import type { JobView } from '@/lib/client/jobs/job-store';
import type { ErrorCode } from '@/lib/core/errors';
import { canRetry, donePercent, positionText, progressText, queueText } from './job-facts';

const job: JobView = {
  id: 'a',
  fileName: 'talk.mp3',
  sizeBytes: 1,
  status: 'running',
  isSecondPass: false,
  stage: 'transcribing',
  doneMs: 750_000,
  durationMs: 3_600_000,
  remainingMs: 181_000,
  latestText: '',
  hasText: true,
  error: null,
  needsFile: false,
  media: 'kept',
};

describe('a job in words', () => {
  it('says stage, position and time left', () => {
    expect(progressText(job)).toBe('Transcribing, 12:30 of 1:00:00, about 3 min left');
  });

  it('leaves out what is not known', () => {
    const unknown = {
      ...job,
      stage: 'opening',
      doneMs: 0,
      durationMs: null,
      remainingMs: null,
    } as const;
    expect(progressText(unknown)).toBe('Opening the file');
    expect(donePercent(unknown)).toBeNull();
  });

  it('says so when another tab runs it', () => {
    expect(progressText({ ...job, stage: null })).toMatch(/^Running in another tab/);
  });

  it('never says more than everything is done', () => {
    const over = { doneMs: 5_000, durationMs: 4_900 };
    expect(donePercent(over)).toBe(100);
    expect(positionText(over)).toBe('0:04 of 0:04');
  });

  it.each([
    [null, ''],
    [2_000, 'a few seconds left'],
    [21_000, 'about 30 s left'],
    [90_000, 'about 2 min left'],
    [7_300_000, 'about 2 h 2 min left'],
  ])('calls %s ms "%s"', (ms, text) => {
    expect(remainingText(ms)).toBe(text);
  });

  it('offers another try only where it can end in another way', () => {
    const failed = (code: ErrorCode, needsFile = false) =>
      canRetry({ error: { code, message: '', details: {} }, needsFile });
    for (const code of ['NO_SPEECH', 'DECODE_NO_AUDIO', 'DECODE_UNSUPPORTED'] as const) {
      expect(failed(code)).toBe(false);
      expect(failed(code, true)).toBe(true);
    }
    expect(failed('WORKER_CRASHED')).toBe(true);
  });

  it('counts the queue by state', () => {
    const jobs = (['running', 'queued', 'queued', 'failed'] as const).map((status) => ({ status }));
    expect(queueText(jobs)).toBe('1 running, 2 waiting, 1 stopped');
    expect(queueText([])).toBe('');
  });
});
