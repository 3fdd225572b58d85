import type { ContributionRecord } from '@/lib/client/store';
import { newId } from '@/lib/core';

/** Two seconds that somebody has agreed to give. */
export function contribution(
  startMs: number,
  more: Partial<ContributionRecord> = {},
): ContributionRecord {
  return {
    id: newId(),
    transcriptId: 't',
    startMs,
    endMs: startMs + 2_000,
    text: 'said',
    asrText: 'sad',
    language: 'en',
    level: 'edited',
    speaker: 's',
    recording: 'r',
    modelId: 'm',
    consent: { wording: '2026-11-29', licence: 'CC0-1.0', at: '2026-11-29T10:00:00.000Z' },
    state: 'waiting',
    ...more,
  };
}
