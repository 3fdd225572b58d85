import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import {
  getJob,
  getTranscript,
  type JobRecord,
  type JobStats,
  jobs,
  type PeaksRecord,
  storeFirstWords,
  type TranscriptRecord,
  updateJob,
  updateTranscript,
} from '@/lib/client/store';
import { AppError, isAppError } from '@/lib/core';
import { type MediaInfo, SAMPLES_PER_MS } from '@/lib/engine/audio';
import {
  type FirstWords,
  type JobOptions,
  type Stages,
  type StageTimes,
  type TranscribeEnd,
  transcribe,
} from '@/lib/engine/pipeline';
import type { RunningView } from './job-views';
import { numbered, placeOne, placeTracks } from './place-rows';

/** Restarts in a row, without a batch in between, after a worker crashed or a device was lost. */
const RESTARTS = 2;

/** Ends a run whose batch is no longer wanted. */
const WITHDRAWN = new AppError('ABORTED', 'The job no longer belongs to this run.');

/** There is no more speech. */
const ENDLESS = Number.POSITIVE_INFINITY;

/** Undetermined, in BCP 47. */
const UNKNOWN_LANGUAGE = 'und';

/** Options of jobs from builds that stored none. */
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
  /** What the user has chosen for recognition, as it is now. */
  getJobOptions(): Promise<JobOptions>;
  view: RunningView;
  signal: AbortSignal;
}

/**
 * Runs one job from its checkpoint to the end. If a worker crashes or a GPU is lost, it resumes from the
 * last stored batch with new workers.
 * @throws errors of the stages and of the store; NO_SPEECH if the recording has none
 * @returns `withdrawn` if the user paused or deleted the job, or another tab has it
 */
export async function runJob(run: JobRun): Promise<'done' | 'withdrawn'> {
  let restarts = 0;
  let batches = run.job.batches;
  for (;;) {
    const job = await getJob(run.job.id);
    // paused or deleted before it was started
    if (job?.intent !== 'queued') return 'withdrawn';
    if (job.batches > batches) restarts = 0;
    batches = job.batches;
    const options = await optionsOf(job, run.getJobOptions);
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
      console.warn(`Resuming after ${error.code}: ${error.message}`);
    }
  }
}

/** Whether a job without any text should start with another model, because its own does not load here. */
async function hasStandIn({ job, getJobOptions }: JobRun, tried: JobOptions): Promise<boolean> {
  const now = await getJob(job.id);
  if (!now || now.batches > 0 || now.isSecondPass) return false;
  return (await getJobOptions()).modelId !== tried.modelId;
}

/**
 * A job keeps the model, language and vocabulary of the first run that stored a batch: whatever the user
 * changes later, its text is consistent.
 */
async function optionsOf(
  job: JobRecord,
  getJobOptions: JobRun['getJobOptions'],
): Promise<JobOptions> {
  if (job.batches > 0 || job.isSecondPass) return job.options ?? BEFORE_OPTIONS;
  const options = await getJobOptions();
  if (JSON.stringify(options) !== JSON.stringify(job.options))
    await updateJob(job.id, () => ({ options }));
  return options;
}

async function runAttempt(
  { job, source, stages, view, signal }: JobRun,
  options: JobOptions,
): Promise<'done' | 'next-track'> {
  const { id, isSecondPass = false } = job;
  const startedMs = performance.now();
  const isEach = job.tracks !== undefined;
  const placer = isEach ? placeTracks(job, isSecondPass) : placeOne();
  let nextIndex = job.nextIndex;
  let firstWordsMs = job.stats.firstWordsMs;
  let doneMs = job.doneMs;
  const toMs = (samples: number) => Math.round(samples / SAMPLES_PER_MS);
  const statsNow = (times: StageTimes): JobStats => ({
    decodeMs: job.stats.decodeMs + times.decodeMs,
    segmentMs: job.stats.segmentMs + times.segmentMs,
    recogniseMs: job.stats.recogniseMs + times.recogniseMs,
    networkMs: job.stats.networkMs + times.inferenceMs,
    searchMs: job.stats.searchMs + times.searchMs,
    elapsedMs: job.stats.elapsedMs + performance.now() - startedMs,
    firstWordsMs,
  });
  const asRecords = (pieces: { firstPeak: number; values: Uint8Array }[]): PeaksRecord[] =>
    pieces
      // the first pass has stored the waveform
      .filter((piece) => piece.values.length > 0 && !isSecondPass)
      .map(({ firstPeak, values }) => ({ transcriptId: id, firstPeak, peaks: values }));

  let durationMs = job.durationMs ?? 0;
  let audioTrack = 0;
  let patches: Promise<void> = Promise.resolve();
  /** Stores facts about the source; the text does not wait for it. */
  const patchTranscript = (change: (record: TranscriptRecord) => Partial<TranscriptRecord>) => {
    patches = patches
      .then(async () => {
        const record = await getTranscript(id);
        if (record) await updateTranscript(id, change(record));
      })
      .catch((cause: unknown) => console.warn('Facts about the file could not be stored', cause));
  };
  /** Existing text is not replaced by first words. */
  const hasOwnWords = job.batches > 0 || isSecondPass;
  let firstIndex = 0;
  const firstPlacer = isEach ? placeTracks({}, false) : placeOne();
  const onFirstWords = async ({ speech, by }: FirstWords) => {
    const segments = numbered(firstPlacer.place(speech, ENDLESS).rows, firstIndex);
    const untilMs = Math.max(toMs(speech.at(-1)?.endSample ?? 0), segments.at(-1)?.endMs ?? 0);
    const model = { id: by.modelId, backend: by.backend, precision: by.precision };
    if (segments.length > 0) firstWordsMs ??= job.stats.elapsedMs + performance.now() - startedMs;
    await storeFirstWords(id, { segments, index: firstIndex, untilMs, model });
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
      tracks: job.tracks ?? null,
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
          ...tracksOf(info, isEach),
        }));
      },
      onReady: ({ modelId, backend, precision, language }) => {
        view.stage('transcribing');
        // until the end of a second pass some words are still those of the first model
        if (isSecondPass) return;
        patchTranscript((record) => ({
          // what an earlier run detected is kept
          language: record.language === UNKNOWN_LANGUAGE ? language : record.language,
          model: { id: modelId, backend, precision },
        }));
      },
      onDecoded: (samples, isFinal) => {
        if (isFinal) doneMs = Math.max(doneMs, toMs(samples));
        view.progress(doneMs);
      },
      onBatch: async (batch, times) => {
        const placed = placer.place(batch.speech, toMs(batch.untilSample));
        const segments = numbered(placed.rows, nextIndex);
        const endMs = Math.min(placed.untilMs, toMs(batch.doneSamples));
        doneMs = Math.max(doneMs, endMs);
        nextIndex += segments.length;
        if (segments.length > 0)
          firstWordsMs ??= job.stats.elapsedMs + performance.now() - startedMs;
        const language = segments.length > 0 ? batch.language : null;
        const stored = await jobs.storeBatch(id, {
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
            ...(isEach
              ? { tracks: batch.tracks, interleaving: placed.interleaving }
              : { audioTrack }),
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
  const rest = numbered(placer.place([], ENDLESS).rows, nextIndex);
  if (nextIndex + rest.length === 0) {
    const silentTracks = isEach
      ? end.info.audioTracks.map((_, track) => track)
      : [...(job.silentTracks ?? []), audioTrack];
    const loudest = Math.max(job.loudest ?? 0, end.loudest);
    const next = end.info.audioTracks.findIndex((_, index) => !silentTracks.includes(index));
    if (next >= 0 && job.isTrackGiven !== true) {
      await jobs.restartJob(id, { audioTrack: next, silentTracks, loudest });
      return 'next-track';
    }
    // words that the better model does not recognise are discarded, unless somebody edited them
    if (isSecondPass && !(await getTranscript(id))?.edits)
      await updateTranscript(id, { state: 'partial' });
    throw noSpeech(end, silentTracks.length, loudest);
  }
  await jobs.finishJob(id, {
    segments: rest,
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

/** What a transcript stores about its recording's tracks. @param isEach each of them is transcribed */
export function tracksOf(
  { audioTracks, audioTrack }: MediaInfo,
  isEach: boolean,
): Pick<TranscriptRecord, 'audioTrack' | 'audioTracks'> {
  if (isEach) return { audioTracks: [...audioTracks] };
  const { name, language } = audioTracks[audioTrack] ?? { name: null, language: null };
  return {
    audioTrack: { index: audioTrack, count: audioTracks.length, name, language },
    ...(audioTracks.length > 1 ? { audioTracks: [...audioTracks] } : {}),
  };
}

/** The details let the user find out why there is no text. */
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
