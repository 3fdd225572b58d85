import { abortable, isAbort, throwIfAborted } from '@/lib/core';
import type { RecogniserInfo, SpeechHypothesis } from '@/lib/engine';
import type { DecodeNotice, MediaInfo, PcmChunk } from '@/lib/engine/audio';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad';
import { Batcher } from './batcher';
import { BoundedQueue } from './bounded-queue';
import { chooseTrack } from './choose-track';
import type { Decoder, JobOptions, Recogniser, Segmenter } from './stages';
import { type FirstWords, writeAhead } from './write-ahead';

/** PCM chunks that may wait between decoding and segmenting (a few seconds each). */
const DECODED_AHEAD = 2;
/** Batches that may wait for the recogniser. */
const SEGMENTED_AHEAD = 2;

/** The stages a run is made of. */
export interface Stages {
  decoder: Decoder;
  segmenter: Segmenter;
  recogniser: Recogniser;
}

/** Where a run begins, and what it has in common with the earlier runs of its job. */
export interface ResumePoint {
  checkpoint: SegmenterCheckpoint | null;
  /** Batches stored by earlier runs. */
  batches: number;
  /** What decoded at the end of the last run. */
  decoder: MediaInfo['decoder'] | null;
  /** Index of the audio track; `null`: not chosen yet, or begun by a build that knew of none. */
  audioTrack: number | null;
  /** What the user had chosen when the job began. */
  options: JobOptions;
}

/** Busy time of each stage in this run so far, in ms of wall time. */
export interface StageTimes {
  decodeMs: number;
  segmentMs: number;
  recogniseMs: number;
  /** Of `recogniseMs`: in the network, and in the word search with the alignment. */
  inferenceMs: number;
  searchMs: number;
}

/** A batch that was recognised: ready to be stored, in order. */
export interface RecognisedBatch {
  speech: { startSample: number; endSample: number; hypothesis: SpeechHypothesis }[];
  checkpoint: SegmenterCheckpoint;
  /** Batches closed, this one included. */
  batches: number;
  /** BCP 47 of its text; `null` where it is unknown. */
  language: string | null;
  peaks: PcmChunk['peaks'][];
  /** What was found wrong with the source so far. */
  notices: readonly DecodeNotice[];
  decoder: MediaInfo['decoder'];
  /** The largest |sample| of any channel in this run so far. */
  loudest: number;
  /** Samples of the recording that are final with this batch: nothing before it will change. */
  doneSamples: number;
}

export interface TranscribeEvents {
  /**
   * Stores words that were written while the recogniser is not ready; its batches, from the first on, take
   * their place. Not given: none are written.
   */
  onFirstWords?(words: FirstWords): Promise<void>;
  /** The source can be read; decoding begins. */
  onOpen(info: MediaInfo): void;
  /** The recogniser can begin. */
  onReady(recogniser: RecogniserInfo): void;
  /** Stores a batch. The run waits for it; a rejection ends the run. */
  onBatch(batch: RecognisedBatch, times: StageTimes): Promise<void>;
  /** Decoding has come this far; `isFinal` when no speech before it is still to be recognised. */
  onDecoded(samples: number, isFinal: boolean): void;
}

/** The result of a run. */
export interface TranscribeEnd {
  info: MediaInfo;
  recogniser: RecogniserInfo;
  notices: readonly DecodeNotice[];
  /** Length of the recording as decoded, in samples at 16 kHz. */
  samples: number;
  /** The largest |sample| of any channel in this run. */
  loudest: number;
  times: StageTimes;
  /** The waveform after the last batch. */
  peaks: PcmChunk['peaks'][];
}

/**
 * Runs one source through decode, segment and recognise, each in its own loop, joined by bounded
 * queues: the slowest stage sets the pace and memory stays flat. The first failure of any stage
 * ends the run with its error; what was handed to `onBatch` before is the caller's to keep.
 */
export async function transcribe(
  source: Blob,
  from: ResumePoint,
  stages: Stages,
  events: TranscribeEvents,
  signal: AbortSignal,
): Promise<TranscribeEnd> {
  const abort = new AbortController();
  const both = AbortSignal.any([signal, abort.signal]);
  const times: StageTimes = {
    decodeMs: 0,
    segmentMs: 0,
    recogniseMs: 0,
    inferenceMs: 0,
    searchMs: 0,
  };
  // loading the model, reading the source and starting the VAD do not wait for each other
  const { modelId, laterModelId: _, ...speech } = from.options;
  const { onFirstWords } = events;
  const opening = onFirstWords && stages.recogniser.openFirstWords(from.options, both);
  opening?.catch(() => undefined); // looked at below
  const preparing = stages.recogniser.prepare(modelId, both);
  preparing.catch(() => undefined); // awaited below, unless something else fails first
  const segments = await stages.segmenter.open(from.checkpoint, both);
  try {
    const open = (track: number | null) =>
      stages.decoder.open(source, {
        startSample: segments.startSample,
        track,
        decoder: from.decoder,
        signal: both,
      });
    const session = await timed(times, 'decodeMs', async () => {
      const opened = await open(from.audioTrack);
      const { audioTracks } = opened.info;
      const isChosen = from.audioTrack !== null || from.checkpoint !== null;
      if (isChosen || audioTracks.length < 2) return opened;
      await opened.close();
      return open(await chooseTrack(source, audioTracks, stages, both));
    });
    try {
      events.onOpen(session.info);
      const decoded = new BoundedQueue<PcmChunk>(DECODED_AHEAD, both);
      const batched = new BoundedQueue<SegmentedSpeech[]>(SEGMENTED_AHEAD, both);
      let samples = segments.startSample;
      let batches = from.batches;
      let waiting = 0; // batches handed over and not yet stored
      let peaks: PcmChunk['peaks'][] = [];

      const decode = async () => {
        for (;;) {
          const chunk = await timed(times, 'decodeMs', () => session.read(both));
          if (!chunk) break;
          await decoded.put(chunk);
        }
        decoded.end();
      };

      const segment = async () => {
        const batcher = new Batcher(from.batches);
        let open = 0; // segments in a batch that is not yet closed
        const hand = async (batch: SegmentedSpeech[] | null) => {
          if (!batch) return;
          open = 0;
          waiting += 1;
          await batched.put(batch);
        };
        const take = async (found: SegmentedSpeech[]) => {
          for (const speech of found) {
            open += 1;
            await hand(batcher.add(speech));
          }
        };
        for (;;) {
          const chunk = await decoded.take();
          if (!chunk) break;
          samples = chunk.startSample + chunk.pcm.length;
          peaks.push(chunk.peaks);
          await take(await timed(times, 'segmentMs', () => segments.push(chunk, both)));
          events.onDecoded(samples, waiting === 0 && open === 0);
        }
        await take(await timed(times, 'segmentMs', () => segments.finish(both)));
        await hand(batcher.flush());
        batched.end();
      };

      const recognise = async () => {
        const ahead =
          onFirstWords && opening
            ? await writeAhead({
                batches: batched,
                preparing,
                opening,
                onWords: onFirstWords,
                signal: both,
              })
            : [];
        // choosing a backend can take long, and helps later jobs: it is not cut short
        events.onReady(await abortable(preparing, both));
        for (;;) {
          const batch = ahead.shift() ?? (await batched.take());
          const last = batch?.at(-1);
          if (!batch || !last) break;
          const spans = batch.map(({ startSample, endSample }) => ({ startSample, endSample }));
          const { hypotheses, inferenceMs, searchMs, language } = await timed(
            times,
            'recogniseMs',
            () =>
              stages.recogniser.recognise(
                batch.map((speech) => speech.pcm),
                { ...speech, signal: both },
              ),
          );
          throwIfAborted(both);
          times.inferenceMs += inferenceMs;
          times.searchMs += searchMs;
          batches += 1;
          const stored = peaks;
          peaks = [];
          await events.onBatch(
            {
              speech: spans.map((span, at) => ({
                ...span,
                hypothesis: hypotheses[at] ?? { words: [] },
              })),
              checkpoint: last.checkpoint,
              batches,
              language,
              peaks: stored,
              notices: session.notices,
              decoder: session.info.decoder,
              loudest: session.loudest,
              doneSamples: last.endSample,
            },
            { ...times },
          );
          waiting -= 1;
        }
      };

      await allOrFirstFailure([decode(), segment(), recognise()], abort);
      const { info, notices, loudest } = session;
      return { info, recogniser: await preparing, notices, samples, loudest, times, peaks };
    } finally {
      await session.close();
    }
  } finally {
    abort.abort();
    await segments.close();
  }
}

async function timed<T>(
  times: StageTimes,
  stage: keyof StageTimes,
  step: () => Promise<T>,
): Promise<T> {
  const from = performance.now();
  try {
    return await step();
  } finally {
    times[stage] += performance.now() - from;
  }
}

/** Waits for all loops. The first real failure stops the others and is the one that is thrown. */
async function allOrFirstFailure(loops: Promise<void>[], abort: AbortController): Promise<void> {
  let failure: unknown = null;
  await Promise.all(
    loops.map((loop) =>
      loop.catch((error: unknown) => {
        if (failure === null || (isAbort(failure) && !isAbort(error))) failure = error;
        abort.abort();
      }),
    ),
  );
  if (failure !== null) throw failure;
}
