import { getJob, getMedia, getTranscript, readTranscript, soundOf } from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { LabelSource } from './label-speakers';

/**
 * Reads what labels need of a stored transcript.
 * @throws NOT_FOUND, SOURCE_GONE
 */
export async function readLabelSource(transcriptId: string): Promise<LabelSource> {
  const [transcript, record, job, media] = await Promise.all([
    readTranscript(transcriptId),
    getTranscript(transcriptId),
    getJob(transcriptId),
    getMedia(transcriptId),
  ]);
  if (!media)
    throw new AppError('SOURCE_GONE', `The recording of ${transcriptId} is not kept here.`);
  return {
    segments: transcript.segments,
    durationMs: transcript.durationMs,
    media,
    track: record ? soundOf(record) : null,
    decoder: job?.decoder ?? null,
  };
}
