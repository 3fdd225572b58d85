import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { JobRecord } from '@/lib/client/store/schema';
import { createJobStore } from './job-store';
import { type JobProgress, JobViews } from './job-views';
import type { SourceRegistry } from './source-registry';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('estimates the remaining time from the speed of recognition, not of decoding', () => {
  const posted: JobProgress[] = [];
  const sources = { openAnywhere: async () => new Set<string>() };
  const views = new JobViews(sources as unknown as SourceRegistry, createJobStore(), {
    post: (progress) => posted.push(progress),
    onMessage: () => () => undefined,
  });
  const job = { id: 'a', doneMs: 0, durationMs: 60_000 } as JobRecord;
  const view = views.begin(job);
  const goOn = (fromMs: number) => {
    view.progress(fromMs);
    vi.advanceTimersByTime(3_000);
    view.progress(fromMs + 10_000);
    vi.advanceTimersByTime(1_000);
  };
  view.stage('loading-model');
  goOn(0);
  expect(posted.at(-1)).toMatchObject({ doneMs: 10_000, remainingMs: null });
  view.stage('transcribing');
  goOn(10_000);
  // 40 s at 10 s in three
  expect(posted.at(-1)).toMatchObject({ doneMs: 20_000, remainingMs: 12_000 });
  views.dispose();
});
