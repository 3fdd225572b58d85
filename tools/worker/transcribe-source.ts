import { AppError } from '@/lib/core';
import type { MediaInfo } from '@/lib/engine/audio';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import {
  assembleSegment,
  type JobOptions,
  type Stages,
  type TranscribeEnd,
  transcribe,
} from '@/lib/engine/pipeline';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import type { ModelInfo, TranscriptSegment } from '@/lib/transcript';

/** Undetermined, in BCP 47. */
const UNKNOWN_LANGUAGE = 'und';

/** How far a source was transcribed: a later run resumes there. */
export interface Progress {
  checkpoint: SegmenterCheckpoint | null;
  batches: number;
  decoder: MediaInfo['decoder'] | null;
  /** `null`: to be chosen. */
  audioTrack: number | null;
  /** Segments written so far. */
  segments: number;
  /** BCP 47. */
  language: string;
  /** Tracks without speech. */
  silentTracks: number[];
}

/** Nothing was done yet. */
export const BEGINNING: Progress = {
  checkpoint: null,
  batches: 0,
  decoder: null,
  audioTrack: null,
  segments: 0,
  language: UNKNOWN_LANGUAGE,
  silentTracks: [],
};

/** A batch of segments, and the progress once they are stored. */
export interface TranscribedBatch {
  segments: TranscriptSegment[];
  progress: Progress;
}

/** What is known of a recording at its end. */
export interface SourceEnd {
  durationMs: number;
  mediaType: string;
  language: string;
  model: ModelInfo;
}

/**
 * Transcribes a source from where an earlier run stopped, as the browser does: the text of a resumed run is
 * that of an unbroken one.
 * @param onBatch stores a batch; the run waits for it
 * @throws errors of the stages and of `onBatch`; NO_SPEECH
 */
export async function transcribeSource(
  source: Blob,
  from: Progress,
  options: JobOptions,
  stages: Stages,
  onBatch: (batch: TranscribedBatch) => Promise<void>,
  signal: AbortSignal,
): Promise<SourceEnd> {
  let progress = from;
  for (;;) {
    const end = await runOnce(source, progress, options, stages, signal, async (batch) => {
      await onBatch(batch);
      progress = batch.progress;
    });
    if (progress.segments > 0) return endOf(end, progress.language);
    const silentTracks = [...progress.silentTracks, end.info.audioTrack];
    const next = end.info.audioTracks.findIndex((_, index) => !silentTracks.includes(index));
    if (next < 0)
      throw new AppError('NO_SPEECH', 'Nothing in the recording was recognised as speech.', {
        details: { durationMs: Math.round(end.samples / SAMPLES_PER_MS) },
      });
    progress = { ...progress, checkpoint: null, decoder: null, audioTrack: next, silentTracks };
  }
}

function endOf({ info, samples, recogniser }: TranscribeEnd, language: string): SourceEnd {
  const { modelId, backend, precision } = recogniser;
  return {
    durationMs: Math.round(samples / SAMPLES_PER_MS),
    mediaType: info.mediaType,
    language: language === UNKNOWN_LANGUAGE ? recogniser.language : language,
    model: { id: modelId, backend, precision },
  };
}

function runOnce(
  source: Blob,
  from: Progress,
  options: JobOptions,
  stages: Stages,
  signal: AbortSignal,
  onBatch: (batch: TranscribedBatch) => Promise<void>,
): Promise<TranscribeEnd> {
  const { checkpoint, batches, decoder } = from;
  let { segments: written, language, audioTrack } = from;
  return transcribe(
    source,
    { checkpoint, batches, decoder, audioTrack, tracks: null, options },
    stages,
    {
      onOpen: (info) => {
        audioTrack = info.audioTrack;
      },
      onReady: () => undefined,
      onDecoded: () => undefined,
      async onBatch(batch) {
        const segments: TranscriptSegment[] = [];
        for (const speech of batch.speech) {
          const segment = assembleSegment(speech, written + segments.length);
          if (segment) segments.push(segment);
        }
        written += segments.length;
        if (language === UNKNOWN_LANGUAGE && segments.length > 0)
          language = batch.language ?? UNKNOWN_LANGUAGE;
        await onBatch({
          segments,
          progress: {
            checkpoint: batch.checkpoint,
            batches: batch.batches,
            decoder: batch.decoder,
            audioTrack,
            segments: written,
            language,
            silentTracks: from.silentTracks,
          },
        });
      },
    },
    signal,
  );
}
