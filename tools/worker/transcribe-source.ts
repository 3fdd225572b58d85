import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { AppError, newId } from '@/lib/core';
import { type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import {
  assembleSegment,
  type JobOptions,
  type Stages,
  type TranscribeEnd,
  transcribe,
} from '@/lib/engine/pipeline';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import { DEFAULT_EXPORT_OPTIONS } from '@/lib/export';
import { ENGLISH_LABELS } from '@/lib/export/options';
import { writeExport } from '@/lib/export/write';
import type { ModelInfo, Transcript, TranscriptSegment } from '@/lib/transcript';
import { codeOf, PlainError } from '../command/errors';

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

/** How a source ended: one without speech has an end, too, which not everyone takes for a failure. */
export interface TranscribedEnd extends SourceEnd {
  hasSpeech: boolean;
}

/** For those to whom a recording without words is a failure. @throws NO_SPEECH */
export function requireSpeech(hasSpeech: boolean, durationMs: number): void {
  if (!hasSpeech)
    throw new AppError('NO_SPEECH', 'Nothing in the recording was recognised as speech.', {
      details: { durationMs },
    });
}

/**
 * Transcribes a source from where an earlier run stopped, as the browser does: the text of a resumed run is
 * that of an unbroken one.
 * @param onBatch stores a batch; the run waits for it
 * @throws errors of the stages and of `onBatch`
 */
export async function transcribeSource(
  source: Blob,
  from: Progress,
  options: JobOptions,
  stages: Stages,
  onBatch: (batch: TranscribedBatch) => Promise<void>,
  signal: AbortSignal,
): Promise<TranscribedEnd> {
  let progress = from;
  for (;;) {
    const end = await runOnce(source, progress, options, stages, signal, async (batch) => {
      await onBatch(batch);
      progress = batch.progress;
    });
    if (progress.segments > 0) return { ...endOf(end, progress.language), hasSpeech: true };
    const silentTracks = [...progress.silentTracks, end.info.audioTrack];
    const next = end.info.audioTracks.findIndex((_, index) => !silentTracks.includes(index));
    if (next < 0) return { ...endOf(end, progress.language), hasSpeech: false };
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

/** The forms in which a transcript is printed. */
export const TEXT_FORMATS = ['txt', 'srt', 'vtt', 'json'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

/** Opens a file; its bytes are read when they are needed. @throws {PlainError} it cannot be read */
export async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw new PlainError(`${path} cannot be read (${codeOf(cause) ?? 'it is not a file'}).`);
  }
}

/**
 * The whole transcript of a source; of one without speech it has no segments.
 * @param onSegments gets segments as they are final
 * @throws errors of the stages
 */
export async function transcribeWhole(
  source: Blob,
  name: string,
  options: JobOptions,
  stages: Stages,
  signal: AbortSignal,
  onSegments: (segments: TranscriptSegment[]) => void = () => undefined,
): Promise<Transcript> {
  const segments: TranscriptSegment[] = [];
  const { durationMs, mediaType, language, model } = await transcribeSource(
    source,
    BEGINNING,
    options,
    stages,
    async (batch) => {
      segments.push(...batch.segments);
      onSegments(batch.segments);
    },
    signal,
  );
  return {
    version: 1,
    id: newId(),
    title: basename(name).replace(/\.[^.]+$/, ''),
    language,
    createdAt: new Date().toISOString(),
    durationMs,
    source: { name: basename(name), mediaType, sizeBytes: source.size, sha256: null },
    model,
    speakers: [],
    segments,
  };
}

/** A transcript in one of the forms, with the app's own defaults. */
export async function formatTranscript(
  format: TextFormat,
  transcript: Transcript,
): Promise<string> {
  const content = await writeExport(format, transcript, DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS);
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
