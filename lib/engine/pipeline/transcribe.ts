import { abortable, assert, isAbort, throwIfAborted } from '@/lib/core';
import type { RecogniserInfo } from '@/lib/engine';
import { type DecodeNotice, type MediaInfo, mergeNotices, type PcmChunk } from '@/lib/engine/audio';
import type { SegmenterCheckpoint } from '@/lib/engine/vad';
import { Batcher } from './batcher';
import { BoundedQueue } from './bounded-queue';
import { type OpenTracks, openTracks, type TrackPoint } from './open-tracks';
import type { Decoder, JobOptions, Recogniser, Segmenter } from './stages';
import {
  isCopy,
  spanOf,
  TrackOrder,
  type TrackSegment,
  type TranscribedSpeech,
} from './track-order';
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
  /**
   * Each track is transcribed, not `audioTrack`: where each one resumes, in place of `checkpoint` and `decoder`;
   * empty at the start. `null`: one track is.
   */
  tracks: readonly TrackPoint[] | null;
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
  /** Ordered by where it begins; that of several tracks may overlap. */
  speech: TranscribedSpeech[];
  checkpoint: SegmenterCheckpoint;
  /** Where each track that is transcribed would resume. */
  tracks: TrackPoint[];
  /** All speech that begins before this sample is in this batch or an earlier one; infinite: all there is. */
  untilSample: number;
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
  const opened: { close(): Promise<void> }[] = [];
  try {
    const open = await timed(times, 'decodeMs', () =>
      openTracks(source, from, stages, both, opened),
    );
    events.onOpen(infoOf(open));
    return await run(open);
  } finally {
    abort.abort();
    for (const one of opened.reverse()) await one.close();
  }

  async function run(open: OpenTracks): Promise<TranscribeEnd> {
    const decoded = new BoundedQueue<{ track: number; chunk: PcmChunk | null }>(
      DECODED_AHEAD,
      both,
    );
    const batched = new BoundedQueue<TrackSegment[]>(SEGMENTED_AHEAD, both);
    const order = new TrackOrder(open.tracks.length, open.startSample, from.tracks ?? []);
    /** Where the segments begin that are in order and not recognised yet. */
    const ahead: number[] = [];
    let samples = open.startSample;
    let batches = from.batches;
    let waiting = 0; // batches handed over and not yet stored
    let peaks: PcmChunk['peaks'][] = [];

    const decode = async () => {
      const reached = open.tracks.map(() => open.startSample);
      while (reached.some(Number.isFinite)) {
        // side by side: what one track is ahead of the others waits in memory
        const track = reached.indexOf(Math.min(...reached));
        const chunk = await timed(times, 'decodeMs', async () =>
          open.tracks[track]?.session.read(both),
        );
        reached[track] = chunk ? chunk.startSample + chunk.pcm.length : Number.POSITIVE_INFINITY;
        await decoded.put({ track, chunk: chunk ?? null });
      }
      decoded.end();
    };

    const segment = async () => {
      const batcher = new Batcher<TrackSegment>(from.batches);
      const reached = open.tracks.map(() => open.startSample);
      let unclosed = 0; // segments in a batch that is not yet closed
      const hand = async (batch: TrackSegment[] | null) => {
        if (!batch) return;
        unclosed = 0;
        waiting += 1;
        await batched.put(batch);
      };
      for (;;) {
        const next = await decoded.take();
        if (!next) break;
        const { track, chunk } = next;
        const segments = open.tracks[track]?.segments;
        if (!segments) break;
        if (chunk) {
          order.push(track, chunk);
          peaks.push(chunk.peaks);
          const wanted = partFrom(chunk, segments.startSample);
          const found = wanted
            ? await timed(times, 'segmentMs', () => segments.push(wanted, both))
            : [];
          order.add(track, found, segments.nextStartSample);
        } else {
          const found = await timed(times, 'segmentMs', () => segments.finish(both));
          order.add(track, found, Number.POSITIVE_INFINITY);
        }
        for (const speech of order.take()) {
          if (isCopy(speech)) continue;
          unclosed += 1;
          ahead.push(speech.startSample);
          await hand(batcher.add(speech));
        }
        reached[track] = chunk ? chunk.startSample + chunk.pcm.length : Number.POSITIVE_INFINITY;
        if (chunk) samples = Math.max(samples, chunk.startSample + chunk.pcm.length);
        const isFinal = waiting === 0 && unclosed === 0 && order.isEmpty;
        if (chunk) events.onDecoded(Math.min(samples, ...reached), isFinal);
      }
      await hand(batcher.flush());
      batched.end();
    };

    const recognise = async () => {
      const first =
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
        const batch = first.shift() ?? (await batched.take());
        const last = batch?.at(-1);
        if (!batch || !last) break;
        const spans = batch.map(spanOf);
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
        ahead.splice(0, batch.length);
        const untilSample = Math.min(ahead[0] ?? Number.POSITIVE_INFINITY, order.untilSample);
        const stored = peaks;
        peaks = [];
        await events.onBatch(
          {
            speech: spans.map((span, at) => ({
              ...span,
              hypothesis: hypotheses[at] ?? { words: [] },
            })),
            checkpoint: last.checkpoint,
            tracks: open.tracks.map(({ session }, track) => ({
              checkpoint: last.reached[track] ?? null,
              decoder: session.info.decoder,
            })),
            untilSample,
            batches,
            language,
            peaks: stored,
            notices: noticesOf(open),
            decoder: infoOf(open).decoder,
            loudest: loudestOf(open),
            doneSamples: from.tracks ? Math.min(untilSample, samples) : last.endSample,
          },
          { ...times },
        );
        waiting -= 1;
      }
    };

    await allOrFirstFailure([decode(), segment(), recognise()], abort);
    const info = infoOf(open);
    const notices = noticesOf(open);
    const loudest = loudestOf(open);
    return { info, recogniser: await preparing, notices, samples, loudest, times, peaks };
  }
}

/** A chunk from a sample on, or `null`. */
function partFrom(chunk: PcmChunk, sample: number): PcmChunk | null {
  const before = sample - chunk.startSample;
  if (before <= 0) return chunk;
  if (before >= chunk.pcm.length) return null;
  return { ...chunk, startSample: sample, pcm: chunk.pcm.slice(before) };
}

/** The source as a whole: the length is that of its longest track. */
function infoOf({ tracks }: OpenTracks): MediaInfo {
  const [first, ...others] = tracks.map(({ session }) => session.info);
  assert(first, 'a run has a track');
  if (others.length === 0) return first;
  const lengths = [first, ...others].map(({ durationMs }) => durationMs);
  return {
    ...first,
    durationMs: lengths.includes(null) ? null : Math.max(...lengths.map((ms) => ms ?? 0)),
    decoder: others.some(({ decoder }) => decoder === 'ffmpeg') ? 'ffmpeg' : first.decoder,
  };
}

const noticesOf = ({ tracks: [first, ...others] }: OpenTracks) =>
  others.length === 0
    ? (first?.session.notices ?? [])
    : mergeNotices(first?.session.notices ?? [], ...others.map(({ session }) => session.notices));

const loudestOf = ({ tracks }: OpenTracks) =>
  Math.max(...tracks.map(({ session }) => session.loudest));

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
