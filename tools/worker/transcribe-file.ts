import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { newId } from '@/lib/core';
import type { JobOptions, Stages } from '@/lib/engine/pipeline';
import { DEFAULT_EXPORT_OPTIONS } from '@/lib/export';
import { ENGLISH_LABELS } from '@/lib/export/options';
import { writeExport } from '@/lib/export/write';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';
import { codeOf, PlainError } from '../command/errors';
import { BEGINNING, transcribeSource } from './transcribe-source';

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
 * The whole transcript of a source.
 * @param onSegments gets segments as they are final
 * @throws errors of the stages; NO_SPEECH
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
