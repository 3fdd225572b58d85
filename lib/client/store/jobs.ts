import {
  type AudioTrackChoice,
  type AudioTrackInfo,
  type DecodeNotice,
  mergeNotices,
  type TrackIndex,
} from '@/lib/engine/audio';
import type { ModelInfo, SourceInfo, TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer } from './enqueue';
import type { JobRecord, JobStats, PeaksRecord, SecondPass, TranscriptRecord } from './schema';
import { NO_PROGRESS, replaceRows } from './second-pass';
import { storePeaks } from './store-batch';
import { fieldTimesAfter, isShareable } from './summaries';
import { keysOf, ROW_STORES } from './transcripts';

export { storeBatch } from './store-batch';

export const NO_STATS: JobStats = {
  decodeMs: 0,
  segmentMs: 0,
  recogniseMs: 0,
  networkMs: 0,
  searchMs: 0,
  elapsedMs: 0,
  firstWordsMs: null,
};

/** A job to be added. */
export interface NewJob {
  id: string;
  title: string;
  source: SourceInfo;
  /** `recording`: the job waits until the recording is complete. */
  media: 'recording' | 'copying' | 'none';
  /** Each audio track is one of these speakers, in order; missing: one track is transcribed. */
  speakers?: string[];
}

/** Stores new jobs at the end of the queue, each with an empty transcript: all of them or none. */
export async function addJobs(jobs: NewJob[]): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(['jobs', 'transcripts'], 'readwrite');
    const existing = await tx.objectStore('jobs').getAll();
    const last = existing.reduce((highest, job) => Math.max(highest, job.order), 0);
    const addedAt = new Date().toISOString();
    const writes = jobs.flatMap(({ id, title, source, media, speakers }, at) => [
      tx.objectStore('jobs').put({
        id,
        fileName: source.name,
        sizeBytes: source.sizeBytes,
        addedAt,
        order: last + 1 + at,
        intent: media === 'recording' ? 'recording' : 'queued',
        ...NO_PROGRESS,
        durationMs: null,
        stats: NO_STATS,
        deletedAt: null,
        ...(speakers && { tracks: [] }),
      }),
      tx.objectStore('transcripts').put({
        id,
        title,
        language: 'und',
        createdAt: addedAt,
        updatedAt: addedAt,
        durationMs: 0,
        source,
        model: null,
        state: 'partial',
        wordCount: 0,
        media,
        hasVideo: false,
        notices: [],
        deletedAt: null,
        ...(speakers && trackSpeakers(speakers)),
      }),
    ]);
    await Promise.all([...writes, tx.done]);
  });
  announce('jobs');
}

/** The speakers of a recording's tracks; `run-job.ts` gives their ids to the rows. */
function trackSpeakers(names: readonly string[]) {
  const speakers = names.map((name, track) => ({ id: trackSpeakerId(track), name }));
  return { isTrackPerSpeaker: true as const, speakers };
}

/** Id of the speaker of an audio track. */
export const trackSpeakerId = (track: number) => `s${track + 1}`;

/** Which sound of a recording its transcript is of. */
export function soundOf({
  isTrackPerSpeaker,
  audioTrack,
}: Pick<TranscriptRecord, 'isTrackPerSpeaker' | 'audioTrack'>): TrackIndex {
  return isTrackPerSpeaker ? 'all' : (audioTrack?.index ?? 0);
}

/**
 * Queues the final pass of a recording whose audio is complete and stored. Does nothing if the job is
 * not, or is no longer, a recording.
 * @param file `tracks`: those that are in it, where not all that were recorded are
 */
export async function queueRecording(
  id: string,
  { tracks, ...file }: { mediaType: string; sizeBytes: number; tracks?: number[] },
): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(['jobs', 'transcripts'], 'readwrite');
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    // one input was never recorded: nothing is left to keep apart
    const isOne = tracks !== undefined && tracks.length < 2;
    const writes =
      job?.intent === 'recording' && transcript
        ? [
            tx.objectStore('jobs').put({
              ...(isOne ? withoutTracks(job) : job),
              sizeBytes: file.sizeBytes,
              intent: 'queued',
              error: null,
            }),
            tx.objectStore('transcripts').put({
              ...(isOne ? withoutSpeakers(transcript) : transcript),
              source: { ...transcript.source, ...file },
              media: 'kept',
              updatedAt: new Date().toISOString(),
            }),
          ]
        : [];
    await Promise.all([...writes, tx.done]);
  });
  announce('jobs', id);
  announce('transcripts', id);
}

function withoutTracks({ tracks: _, ...job }: JobRecord): JobRecord {
  return job;
}

function withoutSpeakers({
  isTrackPerSpeaker: _,
  speakers: _speakers,
  ...transcript
}: TranscriptRecord): TranscriptRecord {
  return transcript;
}

/** Every job that is not deleted, in the order of the queue. */
export async function listJobs(): Promise<JobRecord[]> {
  const all = await storing((db) => db.getAll('jobs'));
  return all.filter((job) => job.deletedAt === null).sort((a, b) => a.order - b.order);
}

/** One job, or `null` if there is none or it was deleted. */
export async function getJob(id: string): Promise<JobRecord | null> {
  const job = await storing((db) => db.get('jobs', id));
  return job && job.deletedAt === null ? job : null;
}

/**
 * Changes a job in one transaction.
 * @param change gets the stored record and returns the fields to set, or `null` to leave it unchanged
 * @returns whether the job exists and was changed
 */
export async function updateJob(
  id: string,
  change: (job: JobRecord) => Partial<Omit<JobRecord, 'id'>> | null,
): Promise<boolean> {
  const changed = await storing(async (db) => {
    const tx = db.transaction('jobs', 'readwrite');
    const job = await tx.store.get(id);
    const fields = job ? change(job) : null;
    const write = job && fields ? tx.store.put({ ...job, ...fields }) : null;
    await Promise.all([write, tx.done]);
    return fields !== null;
  });
  if (changed) announce('jobs', id);
  return changed;
}

/** Puts the jobs into the given order; jobs that are not named keep their place. */
export async function orderJobs(ids: string[]): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction('jobs', 'readwrite');
    const jobs = (await Promise.all(ids.map((id) => tx.store.get(id)))).filter((job) => !!job);
    const orders = jobs.map((job) => job.order).sort((a, b) => a - b);
    await Promise.all([
      ...jobs.map((job, at) => tx.store.put({ ...job, order: orders[at] ?? job.order })),
      tx.done,
    ]);
  });
  announce('jobs');
}

/** Each audio track of a recording is one of these speakers, in order. */
export interface SpeakersOfTracks {
  speakers: string[];
}

/** A job's state regarding the tracks of its recording. */
export interface TrackOfJob extends Pick<JobRecord, 'isTrackGiven' | 'silentTracks' | 'loudest'> {
  audioTrack: number;
}

/**
 * Restarts a job to transcribe another audio track, or each as a speaker, and removes its text in the same
 * transaction. Does nothing if the job is gone.
 * @param track the track to continue with
 */
export async function restartJob(id: string, track: TrackOfJob | SpeakersOfTracks): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(['jobs', 'transcripts', ...ROW_STORES], 'readwrite');
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    const writes: Promise<unknown>[] = [];
    if (job && transcript) {
      // these belong to the previous track
      const {
        options: _,
        silentTracks: _silent,
        loudest: _loudest,
        isSecondPass: _pass,
        audioTrack: _audioTrack,
        tracks: _tracks,
        interleaving: _interleaving,
        ...kept
      } = job;
      const {
        secondPass: _second,
        edits: _edits,
        audioTrack: _track,
        isTrackPerSpeaker: _each,
        speakers: _speakers,
        ...record
      } = transcript;
      writes.push(
        ...ROW_STORES.map((store) => tx.objectStore(store).delete(keysOf(id))),
        tx.objectStore('jobs').put({
          ...kept,
          ...('speakers' in track ? { tracks: [] } : track),
          intent: 'queued',
          ...NO_PROGRESS,
          stats: NO_STATS,
        }),
        tx.objectStore('transcripts').put({
          ...record,
          state: 'partial',
          language: 'und',
          wordCount: 0,
          notices: [],
          ...('speakers' in track
            ? trackSpeakers(track.speakers)
            : { audioTrack: chosenTrack(transcript.audioTracks ?? [], track.audioTrack) }),
          updatedAt: new Date().toISOString(),
        }),
      );
    }
    await Promise.all([...writes, tx.done]);
  });
  announce('jobs', id);
  announce('transcripts', id);
  announce('restarted', id);
}

function chosenTrack(tracks: readonly AudioTrackInfo[], index: number): AudioTrackChoice {
  const { name, language } = tracks[index] ?? { name: null, language: null };
  return { index, count: tracks.length, name, language };
}

/** What is stored when a job ends. */
export interface FinishedJob {
  /** Rows after those of the last batch; missing: none. */
  segments?: TranscriptSegment[];
  durationMs: number;
  model: ModelInfo;
  notices: DecodeNotice[];
  stats: JobStats;
  peaks: PeaksRecord[];
}

/**
 * Marks a job done and its transcript complete, in one transaction. A job that waits for a better model
 * keeps what the second pass needs; words of other models after its own are removed.
 */
export async function finishJob(id: string, end: FinishedJob): Promise<void> {
  let isOther = false;
  const isEnqueued = await storing(async (db) => {
    const tx = db.transaction(
      ['jobs', 'transcripts', 'segments', 'words', 'peaks', 'recognised', 'outbox', 'settings'],
      'readwrite',
    );
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    const { durationMs, model, notices, stats, segments = [] } = end;
    const writes: Promise<unknown>[] = [];
    let enqueueing: Promise<boolean> | null = null;
    if (job && transcript) {
      const { secondPass: _, ...record } = transcript;
      const { isSecondPass: _pass, interleaving: _interleaving, ...kept } = job;
      const later = job.options?.laterModelId;
      const left = await replaceRows(
        tx,
        transcript,
        job.nextIndex,
        segments,
        Number.POSITIVE_INFINITY,
      );
      await storePeaks(tx, end.peaks);
      isOther = left.isOther || segments.length > 0;
      const finished: TranscriptRecord = {
        ...record,
        ...left.edits,
        ...(later === undefined ? {} : { secondPass: newSecondPass(later) }),
        wordCount: transcript.wordCount + left.words,
        state: 'complete',
        durationMs,
        model,
        // a resumed run does not see what lies before its start
        notices: mergeNotices(transcript.notices, notices),
        updatedAt: new Date().toISOString(),
        fieldTimes: fieldTimesAfter(transcript, { language: 0, durationMs, wordCount: 0 }),
      };
      // from now on it is shared with the user's other devices
      if (isShareable(finished)) enqueueing = enqueueForServer(tx, id, null);
      writes.push(
        tx.objectStore('jobs').put({
          ...kept,
          nextIndex: job.nextIndex + segments.length,
          intent: 'done',
          // the vocabulary is not needed again, and every listing would read it
          ...(job.options && later === undefined
            ? { options: { ...job.options, hotWords: [] } }
            : {}),
          error: null,
          doneMs: durationMs,
          durationMs,
          stats,
        }),
        tx.objectStore('transcripts').put(finished),
      );
    }
    const [isEnqueued] = await Promise.all([enqueueing, ...writes, tx.done]);
    return isEnqueued;
  });
  announce('jobs', id);
  announce('transcripts', id);
  if (isOther) announce('restarted', id);
  if (isEnqueued) announce('outbox', id);
}

/** A second pass that waits for its model. */
function newSecondPass(modelId: string): SecondPass {
  return { modelId, untilMs: 0, language: null, stopped: null };
}
