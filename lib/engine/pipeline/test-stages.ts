import { abortError, onAbort } from '@/lib/core/abort';
import { AppError } from '@/lib/core/errors';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad/vad-session';
import type { FirstWordsWriter } from './stages';
import type { Stages } from './transcribe';

/** Length of each made-up segment. */
const SEGMENT_SAMPLES = 5 * SAMPLE_RATE_HZ;
/** How much later the speech of each further track begins. */
const TRACK_SAMPLES = 2 * SAMPLE_RATE_HZ;
/** The sound of each track has a level of its own, by which the segmenter knows it. */
const LEVEL = 0.25;
const LEVEL_STEP = 1 / 64;
/** Numbers of segments of each further track begin here. */
const TRACK_NUMBERS = 1000;

/** What the fake stages of a test did, and where they are to fail. */
export interface TestStages extends Stages {
  /** Chunks read so far. */
  reads: number;
  /** Batches recognised, by their segments' numbers. */
  recognised: number[][];
  /** The vocabulary that each of these batches was recognised with. */
  hotWords: string[][];
  /** The models asked for, run by run. */
  prepared: string[];
  opened: number;
  closed: number;
  /** Loading a model waits for it. */
  loading: Promise<void>;
  /** What writes while a model is being loaded. */
  firstWords: FirstWordsWriter | null;
  /** Thrown by the next step of that stage. */
  failNext: Partial<Record<'decode' | 'segment' | 'recognise', AppError>>;
  /** Set: once this many batches were recognised, `recognise` waits for the promise. */
  hold: { after: number; until: Promise<void> } | null;
  /** Set: the batch of this number (from 0) fails with it, once. */
  failBatch: { at: number; error: AppError } | null;
  /** The recording's audio tracks, by name; `silent` ones hold no speech. */
  tracks: string[];
  /** Tracks have speech of their own: each begins later than the one before, and has other words. */
  isTrackPerSpeaker: boolean;
  /** Tracks that cannot be decoded: from which second on, or `null` where they cannot even be opened. */
  brokenTracks: Map<number, number | null>;
  /** The track of each session that was opened, `null` where none was named. */
  openedTracks: (number | null)[];
}

/**
 * Stages over a made-up recording: every five seconds are one segment of speech whose only word
 * is its number. Real in all that the pipeline relies on: order, checkpoints, signals, closing.
 * @param seconds length of the recording
 * @param silentAfter nothing is said from this second on
 */
export function createTestStages(seconds: number, silentAfter = seconds): TestStages {
  const total = seconds * SAMPLE_RATE_HZ;
  const failing = (stage: 'decode' | 'segment' | 'recognise') => {
    const error = state.failNext[stage];
    delete state.failNext[stage];
    if (error) throw error;
  };
  const state: TestStages = {
    reads: 0,
    recognised: [],
    hotWords: [],
    prepared: [],
    opened: 0,
    closed: 0,
    loading: Promise.resolve(),
    firstWords: null,
    failNext: {},
    hold: null,
    failBatch: null,
    tracks: ['one'],
    isTrackPerSpeaker: false,
    brokenTracks: new Map(),
    openedTracks: [],
    decoder: {
      async open(_source, { startSample, track: given }) {
        const track = given === 'all' ? 0 : given;
        failing('decode');
        const brokenFrom = state.brokenTracks.get(track ?? 0);
        const breakAt = (sample: number) => {
          if (
            brokenFrom === null ||
            sample >= (brokenFrom ?? Number.POSITIVE_INFINITY) * SAMPLE_RATE_HZ
          )
            throw new AppError('DECODE_FAILED', `Track ${track} is broken.`);
        };
        if (brokenFrom === null) breakAt(0);
        if ((track ?? 0) >= state.tracks.length)
          throw new AppError('DECODE_NO_AUDIO', `There is no track ${track}.`);
        state.opened += 1;
        state.openedTracks.push(track ?? null);
        let at = startSample;
        return {
          info: {
            mediaType: 'audio/wav',
            container: 'WAV',
            codec: 'pcm',
            durationMs: seconds * 1000,
            sampleRateHz: SAMPLE_RATE_HZ,
            channels: 1,
            hasVideo: false,
            audioTracks: state.tracks.map((name) => ({
              name,
              language: null,
              isDefault: name === state.tracks[0],
            })),
            audioTrack: track ?? 0,
            decoder: 'webcodecs',
          },
          notices: [],
          loudest: 0.25,
          async read() {
            failing('decode');
            breakAt(at);
            if (at >= total) return null;
            const length = Math.min(SAMPLE_RATE_HZ, total - at);
            const chunk = {
              startSample: at,
              pcm: new Float32Array(length).fill(
                state.tracks[track ?? 0] === 'silent' ? 0 : LEVEL + (track ?? 0) * LEVEL_STEP,
              ),
              peaks: { firstPeak: at / 800, values: new Uint8Array(length / 800).fill(7) },
            };
            at += length;
            state.reads += 1;
            return chunk;
          },
          async close() {
            state.closed += 1;
          },
        };
      },
    },
    segmenter: {
      async open(from) {
        state.opened += 1;
        const startSample = from?.startSample ?? 0;
        let next = startSample;
        let seen = startSample;
        let isSilent = false;
        let track = 0;
        const found = (): SegmentedSpeech[] => {
          failing('segment');
          const out: SegmentedSpeech[] = [];
          if (isSilent) return out;
          const first = track * TRACK_SAMPLES;
          next = Math.max(next, first);
          while (next + SEGMENT_SAMPLES <= Math.min(seen, silentAfter * SAMPLE_RATE_HZ)) {
            const pcm = new Float32Array(4).fill(
              (next - first) / SEGMENT_SAMPLES + track * TRACK_NUMBERS,
            );
            const [start, end] = [next, next + SEGMENT_SAMPLES];
            next = end;
            out.push({ startSample: start, endSample: end, pcm, checkpoint: checkpointAt(end) });
          }
          return out;
        };
        return {
          startSample,
          get nextStartSample() {
            return next;
          },
          async push(chunk) {
            if (chunk.startSample !== seen)
              throw new AppError('SEGMENT_FAILED', `${chunk.startSample} after ${seen}`);
            seen = chunk.startSample + chunk.pcm.length;
            const [level = 0] = chunk.pcm;
            isSilent = level === 0;
            if (state.isTrackPerSpeaker)
              track = Math.max(0, Math.round((level - LEVEL) / LEVEL_STEP));
            return found();
          },
          finish: async () => found(),
          async close() {
            state.closed += 1;
          },
        };
      },
    },
    recogniser: {
      openFirstWords: async () => state.firstWords,
      async prepare(modelId) {
        state.prepared.push(modelId);
        await state.loading;
        return { modelId, backend: 'wasm', precision: 'int8', language: 'und', threads: 1 };
      },
      async recognise(batch, { hotWords, language, signal }) {
        const { hold, failBatch } = state;
        if (hold && state.recognised.length >= hold.after)
          await new Promise<void>((resolve, reject) => {
            onAbort(signal, () => signal && reject(abortError(signal)));
            void hold.until.then(resolve);
          });
        if (failBatch && state.recognised.length === failBatch.at) {
          state.failBatch = null;
          throw failBatch.error;
        }
        failing('recognise');
        const numbers = batch.map((pcm) => pcm[0] ?? Number.NaN);
        state.recognised.push(numbers);
        state.hotWords.push([...hotWords]);
        const hypotheses = numbers.map((number) => ({
          words: [
            { text: `w${number}`, startSample: 0, endSample: SAMPLE_RATE_HZ, confidence: 0.9 },
          ],
        }));
        return { hypotheses, inferenceMs: 1, searchMs: 1, language: language ?? 'fr' };
      },
    },
  };
  return state;
}

function checkpointAt(sample: number): SegmenterCheckpoint {
  // the shape is the segmenter's own affair; the pipeline only stores it and hands it back
  return { version: 1, startSample: sample } as SegmenterCheckpoint;
}
