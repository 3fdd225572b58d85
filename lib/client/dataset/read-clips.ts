import {
  getJob,
  getMedia,
  getRecognised,
  getTranscript,
  listEdits,
  readTranscript,
} from '@/lib/client/store';
import { AppError } from '@/lib/core';
import type { Row } from '@/lib/transcript';
import type { ClipSource } from './clip-cutter';
import { type CheckLevel, type ClipPlan, planClips } from './plan-clips';

/** Words below this are marked as doubtful in the reader: a text that has some was not confirmed. */
const UNSURE_BELOW = 0.5;

/** What of a transcript can be given. @throws NOT_FOUND, STORE_FAILED */
export async function readClips(transcriptId: string): Promise<ClipPlan> {
  const [{ segments, durationMs }, recognised, edits] = await Promise.all([
    readTranscript(transcriptId),
    getRecognised(transcriptId),
    listEdits(transcriptId),
  ]);
  const confirmed = new Set(
    edits
      .filter(({ kind }) => kind === 'confirm')
      .flatMap(({ patch }) => patch.added.map(({ id }) => id)),
  );
  return planClips({
    rows: segments.map((segment, index) => ({ ...segment, index })),
    recognised,
    levelOf: (row) => levelOf(row, confirmed),
    durationMs,
  });
}

/** Confirmed is a row whose doubtful words have all been gone through; else it counts if it was edited. */
function levelOf({ id, edited, words }: Row, confirmed: ReadonlySet<string>): CheckLevel | null {
  const isSure = words.every(({ confidence }) => confidence >= UNSURE_BELOW);
  if (confirmed.has(id) && isSure) return 'confirmed';
  return edited ? 'edited' : null;
}

/** The kept recording of a transcript. @throws SOURCE_GONE */
export async function readClipSource(transcriptId: string): Promise<ClipSource> {
  const [record, job, media] = await Promise.all([
    getTranscript(transcriptId),
    getJob(transcriptId),
    getMedia(transcriptId),
  ]);
  if (!record || !media)
    throw new AppError('SOURCE_GONE', `The recording of ${transcriptId} is not kept here.`);
  return { media, track: record.audioTrack?.index ?? null, decoder: job?.decoder ?? null };
}
