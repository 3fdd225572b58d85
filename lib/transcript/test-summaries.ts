import fc from 'fast-check';
import type { TranscriptSummary } from './summary';

/** A summary with what a test sets, all of it written at one moment. */
export function summaryOf(
  change: Partial<TranscriptSummary> = {},
  atMs = 1_000,
): TranscriptSummary {
  return {
    id: '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10',
    title: 'Interview',
    language: 'en',
    durationMs: 60_000,
    wordCount: 120,
    tags: [],
    deleted: false,
    createdAt: '2026-01-02T03:04:05.000Z',
    ...change,
    fieldTimes: {
      title: atMs,
      language: atMs,
      durationMs: atMs,
      wordCount: atMs,
      tags: atMs,
      deleted: 0,
      ...change.fieldTimes,
    },
  };
}

/** Few values and few moments: ties come often. */
const time = fc.integer({ min: 0, max: 4 });
const title = fc.constantFrom('a', 'b', '', 'Ä', '日本');

/** Any state one device may have of the same transcript. */
export const anySummary: fc.Arbitrary<TranscriptSummary> = fc.record({
  id: fc.constant('5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10'),
  title,
  language: fc.constantFrom('en', 'de', 'pt-BR'),
  durationMs: fc.integer({ min: 0, max: 20 }),
  wordCount: fc.integer({ min: 0, max: 20 }),
  tags: fc.array(title, { maxLength: 2 }),
  deleted: fc.boolean(),
  createdAt: fc.constantFrom('2026-01-02T03:04:05.000Z', '2026-01-02T03:04:06.000Z'),
  fieldTimes: fc.record({
    title: time,
    language: time,
    durationMs: time,
    wordCount: time,
    tags: time,
    deleted: time,
  }),
});
