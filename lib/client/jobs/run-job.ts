import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import type { JobRecord, JobStats, PeaksRecord, TranscriptRecord } from '@/lib/client/store';
import { AppError, isAppError } from '@/lib/core';
import { type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import {
  assembleSegment,
  type FirstWords,
  type JobOptions,
  type RecognisedSpeech,
  type Stages,
  type StageTimes,
  type TranscribeEnd,
  transcribe,
} from '@/lib/engine/pipeline';
import type { TranscriptSegment } from '@/lib/transcript';
import type { RunningView } from './job-views';
import type { Repository } from './repository';

/** A dead worker or a lost device is begun anew this often in a row without a batch between. */
const RESTARTS = 2;

/** Ends an attempt whose batch is not wanted any more. */
const WITHDRAWN = new AppError('ABORTED', "The job is not this run's any more.");

/** Undetermined, in BCP 47. */
const UNKNOWN_LANGUAGE = 'und';

/** What jobs ran with whose builds stored no options. */
const BEFORE_OPTIONS: JobOptions = {
  modelId: DRAFT_MODEL_ID,
  hotWords: [],
  language: null,
  task: 'transcribe',
};

export interface JobRun {
  job: JobRecord;
  source: Blob;
  stages: Stages;
  repository: Repository;
  view: RunningView;
  signal: AbortSignal;
}

/**
 * Runs one job from its checkpoint to the end. When a worker dies or a GPU goes away, it goes on
 * from the last stored batch with fresh workers. Errors: those of the stages and of the store;
 * NO_SPEECH when the recording has none.
 * @returns `withdrawn` when the user paused or took the job away, or another tab had it
 */
export async function runJob(run: JobRun): Promise<'done' | 'withdrawn'> {
  let restarts = 0;
  let batches = run.job.batches;
  for (;;) {
    const job = await run.repository.getJob(run.job.id);
    // paused or taken away between being found and being begun
    if (job?.intent !== 'queued') return 'withdrawn';
    if (job.batches > batches) restarts = 0;
    batches = job.batches;
    const options = await optionsOf(job, run.repository);
    try {
      const end = await runAttempt({ ...run, job }, options);
      if (end === 'done') return 'done';
      batches = 0;
    } catch (error) {
      if (error === WITHDRAWN) return 'withdrawn';
      const dead = isAppError(error) && error.fatal && !run.signal.aborted;
      if (!dead || restarts >= RESTARTS) {
        if (run.signal.aborted || !(await hasStandIn(run, options))) throw error;
        continue;
      }
      restarts += 1;
      console.warn(`Going on after ${error.code}: ${error.message}`);
    }
  }
}

/** Whether a job that has nothing yet is to begin with another model: its own does not open here. */
async function hasStandIn({ job, repository }: JobRun, tried: JobOptions): Promise<boolean> {
  const now = await repository.getJob(job.id);
  if (!now || now.batches > 0 || now.isSecondPass) return false;
  return (await repository.getJobOptions()).modelId !== tried.modelId;
}

/**
 * A job's model, language and vocabulary are those of its first run that stored something: whatever
 * the user changes later, its text is all of one kind.
 */
async function optionsOf(job: JobRecord, repository: Repository): Promise<JobOptions> {
  if (job.batches > 0 || job.isSecondPass) return job.options ?? BEFORE_OPTIONS;
  const options = await repository.getJobOptions();
  if (JSON.stringify(options) !== JSON.stringify(job.options))
    await repository.updateJob(job.id, () => ({ options }));
  return options;
}

async function runAttempt(
  { job, source, stages, repository, view, signal }: JobRun,
  options: JobOptions,
): Promise<'done' | 'next-track'> {
  const { id, isSecondPass = false } = job;
  const startedMs = performance.now();
  let nextIndex = job.nextIndex;
  let firstWordsMs = job.stats.firstWordsMs;
  let doneMs = job.doneMs;
  const toMs = (samples: number) => Math.round(samples / SAMPLES_PER_MS);
  const statsNow = (times: StageTimes): JobStats => ({
    decodeMs: job.stats.decodeMs + times.decodeMs,
    segmentMs: job.stats.segmentMs + times.segmentMs,
    recogniseMs: job.stats.recogniseMs + times.recogniseMs,
    networkMs: job.stats.networkMs + times.networkMs,
    searchMs: job.stats.searchMs + times.searchMs,
    elapsedMs: job.stats.elapsedMs + performance.now() - startedMs,
    firstWordsMs,
  });
  const asRecords = (pieces: { firstPeak: number; values: Uint8Array }[]): PeaksRecord[] =>
    pieces
      // the first pass has drawn all of it
      .filter((piece) => piece.values.length > 0 && !isSecondPass)
      .map(({ firstPeak, values }) => ({ transcriptId: id, firstPeak, peaks: values }));

  let durationMs = job.durationMs ?? 0;
  let audioTrack = 0;
  let patches: Promise<void> = Promise.resolve();
  /** Stores what was learnt of the source; the text does not wait for it. */
  const patchTranscript = (change: (record: TranscriptRecord) => Partial<TranscriptRecord>) => {
    patches = patches
      .then(async () => {
        const record = await repository.getTranscript(id);
        if (record) await repository.updateTranscript(id, change(record));
      })
      .catch((cause: unknown) => console.warn('Could not store what the file is', cause));
  };
  /** A text that is there already is not begun anew. */
  const hasOwnWords = job.batches > 0 || isSecondPass;
  let firstIndex = 0;
  const onFirstWords = async ({ speech, by }: FirstWords) => {
    const segments = segmentsOf(speech, firstIndex);
    const untilMs = toMs(speech.at(-1)?.endSample ?? 0);
    const model = { id: by.modelId, backend: by.backend, precision: by.precision };
    if (segments.length > 0) firstWordsMs ??= job.stats.elapsedMs + performance.now() - startedMs;
    await repository.storeFirstWords(id, { segments, index: firstIndex, untilMs, model });
    firstIndex += segments.length;
    view.text(segments.at(-1)?.text ?? null);
  };
  view.stage('opening');
  const end = await transcribe(
    source,
    {
      checkpoint: job.checkpoint,
      batches: job.batches,
      decoder: job.decoder,
      audioTrack: job.audioTrack ?? null,
      options,
    },
    stages,
    {
      ...(hasOwnWords ? {} : { onFirstWords }),
      onOpen: (info) => {
        audioTrack = info.audioTrack;
        durationMs = info.durationMs ?? 0;
        view.open(info.durationMs);
        view.stage('loading-model');
        patchTranscript((record) => ({
          hasVideo: info.hasVideo,
          durationMs: Math.max(record.durationMs, durationMs),
          source: { ...record.source, mediaType: info.mediaType },
          ...tracksOf(info),
        }));
      },
      onReady: ({ modelId, backend, precision, language }) => {
        view.stage('transcribing');
        // until the end of a second pass some words are those of the first one's model
        if (isSecondPass) return;
        patchTranscript((record) => ({
          // what an earlier run found out stands
          language: record.language === UNKNOWN_LANGUAGE ? language : record.language,
          model: { id: modelId, backend, precision },
        }));
      },
      onDecoded: (samples, settled) => {
        if (settled) doneMs = Math.max(doneMs, toMs(samples));
        view.progress(doneMs);
      },
      onBatch: async (batch, times) => {
        const segments = segmentsOf(batch.speech, nextIndex);
        const endMs = toMs(batch.doneSamples);
        doneMs = Math.max(doneMs, endMs);
        nextIndex += segments.length;
        if (segments.length > 0)
          firstWordsMs ??= job.stats.elapsedMs + performance.now() - startedMs;
        const language = segments.length > 0 ? batch.language : null;
        const stored = await repository.storeBatch(id, {
          segments,
          endMs,
          language,
          peaks: asRecords(batch.peaks),
          notices: [...batch.notices],
          progress: {
            checkpoint: batch.checkpoint,
            nextIndex,
            batches: batch.batches,
            decoder: batch.decoder,
            audioTrack,
            loudest: Math.max(job.loudest ?? 0, batch.loudest),
            doneMs,
          },
          stats: statsNow(times),
          durationMs: Math.max(durationMs, doneMs),
        });
        if (!stored) throw WITHDRAWN;
        if (language !== null && !isSecondPass)
          patchTranscript((record) => (record.language === UNKNOWN_LANGUAGE ? { language } : {}));
        view.text(segments.at(-1)?.text ?? null);
        view.progress(doneMs);
      },
    },
    signal,
  );
  view.stage('finishing');
  await patches;
  const { recogniser } = end;
  if (nextIndex === 0) {
    const silentTracks = [...(job.silentTracks ?? []), audioTrack];
    const loudest = Math.max(job.loudest ?? 0, end.loudest);
    const next = end.info.audioTracks.findIndex((_, index) => !silentTracks.includes(index));
    if (next >= 0 && job.isTrackGiven !== true) {
      await repository.restartJob(id, { audioTrack: next, silentTracks, loudest });
      return 'next-track';
    }
    // words that a better model does not hear were none
    if (isSecondPass) await repository.updateTranscript(id, { state: 'partial' });
    throw noSpeech(end, silentTracks.length, loudest);
  }
  await repository.finishJob(id, {
    durationMs: toMs(end.samples),
    model: {
      id: recogniser.modelId,
      backend: recogniser.backend,
      precision: recogniser.precision,
    },
    notices: [...end.notices],
    stats: statsNow(end.times),
    peaks: asRecords(end.peaks),
  });
  return 'done';
}

/** Rows of a transcript, from this index on; a stretch without words takes no place. */
function segmentsOf(speech: readonly RecognisedSpeech[], index: number): TranscriptSegment[] {
  const segments: TranscriptSegment[] = [];
  for (const one of speech) {
    const segment = assembleSegment(one, index + segments.length);
    if (segment) segments.push(segment);
  }
  return segments;
}

/** What the transcript tells of its recording's tracks. */
function tracksOf({
  audioTracks,
  audioTrack,
}: MediaInfo): Pick<TranscriptRecord, 'audioTrack' | 'audioTracks'> {
  const { name, language } = audioTracks[audioTrack] ?? { name: null, language: null };
  return {
    audioTrack: { index: audioTrack, count: audioTracks.length, name, language },
    ...(audioTracks.length > 1 ? { audioTracks: [...audioTracks] } : {}),
  };
}

/** Tells what was looked at: the facts by which the user finds out why there is no text. */
function noSpeech({ info, samples }: TranscribeEnd, looked: number, loudest: number): AppError {
  return new AppError('NO_SPEECH', 'Nothing in the recording was recognised as speech.', {
    details: {
      durationMs: Math.round(samples / SAMPLES_PER_MS),
      channels: info.channels,
      track: info.audioTrack + 1,
      tracks: info.audioTracks.length,
      tracksLookedAt: looked,
      // null: digital silence
      loudestDbfs: loudest > 0 ? Math.round(20 * Math.log10(loudest)) : null,
    },
  });
}
