import { newId } from '@/lib/core';
import { shareableLanguage, type Transcript } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer } from './enqueue';
import type { PeaksRecord, TranscriptRecord } from './schema';

/** This many rows are written before others have their turn. */
const BLOCK = 50;

/** The waveform of a recording, which is in its place already, under the transcript's id. */
type StoredSound = Pick<PeaksRecord, 'firstPeak' | 'peaks'>[];

/** What is known of its recording besides. */
type SoundFacts = Partial<
  Pick<TranscriptRecord, 'media' | 'hasVideo' | 'notices' | 'audioTrack' | 'audioTracks'>
>;

/**
 * Stores a transcript that was read from a file, or is a copy of another, in one transaction. It has no job.
 * @param sound missing: it has no recording
 * @param facts of a recording; its `media` where that is not in its place yet
 * @returns its id: another one if there is a transcript with its own already
 */
export async function importTranscript(
  transcript: Transcript,
  sound?: StoredSound,
  facts: SoundFacts = {},
): Promise<string> {
  const { id, isEnqueued } = await storing(async (db) => {
    const tx = db.transaction(
      ['transcripts', 'segments', 'words', 'peaks', 'elsewhere', 'outbox', 'settings'],
      'readwrite',
    );
    const [here, remote] = await Promise.all([
      tx.objectStore('transcripts').getKey(transcript.id),
      tx.objectStore('elsewhere').getKey(transcript.id),
    ]);
    const id = here === undefined && remote === undefined ? transcript.id : newId();
    const seen = new Set<string>();
    const { segments } = transcript;
    for (let from = 0; from < segments.length; from += BLOCK)
      await Promise.all(
        segments.slice(from, from + BLOCK).flatMap(({ words, ...segment }, at) => {
          const index = from + at;
          // edits name rows by their ids
          const row = seen.has(segment.id) ? { ...segment, id: newId() } : segment;
          seen.add(row.id);
          return [
            tx
              .objectStore('segments')
              .put({ ...row, transcriptId: id, index, wordCount: words.length }),
            tx.objectStore('words').put({ transcriptId: id, index, words }),
          ];
        }),
      );
    const [isEnqueued] = await Promise.all([
      enqueueForServer(tx, id, null),
      tx.objectStore('transcripts').put({
        ...recordOf(id, transcript),
        media: sound ? 'kept' : 'none',
        ...facts,
      }),
      ...(sound ?? []).map((piece) => tx.objectStore('peaks').put({ transcriptId: id, ...piece })),
      tx.done,
    ]);
    return { id, isEnqueued };
  });
  announce('transcripts', id);
  if (isEnqueued) announce('outbox', id);
  return id;
}

function recordOf(id: string, transcript: Transcript): Omit<TranscriptRecord, 'media'> {
  const { title, language, createdAt, durationMs, source, model, speakers, segments, marks } =
    transcript;
  const now = new Date().toISOString();
  return {
    id,
    title,
    language: shareableLanguage(language),
    // a file may hold anything here, and lists go by it
    createdAt: Number.isNaN(Date.parse(createdAt)) ? now : new Date(createdAt).toISOString(),
    updatedAt: now,
    durationMs,
    source,
    // what `readTranscript` says of a transcript without a model
    model: model.id === 'unknown' ? null : model,
    state: 'complete',
    wordCount: segments.reduce((sum, { words }) => sum + words.length, 0),
    hasVideo: false,
    notices: [],
    speakers,
    ...(marks?.length
      ? {
          marks: marks.map(({ atMs, label }) => ({
            id: newId(),
            atMs,
            ...(label !== undefined && { label }),
          })),
        }
      : {}),
    deletedAt: null,
  };
}
