import { AppError } from '@/lib/core';
import { packWindows, type Slot, type Window, windowPcm } from '@/lib/engine/alignment';
import {
  SAMPLE_RATE_HZ,
  WHISPER_FRAMES,
  WHISPER_HOP_SAMPLES,
  WHISPER_WINDOW_SAMPLES,
} from '@/lib/engine/audio';
import { STEP_WINDOWS } from '@/lib/engine/families/seq2seq';

/** Silence between segments of one window: enough to act as a pause, too little to fill. */
const GAP_SAMPLES = SAMPLE_RATE_HZ / 2;

/** Segments that Whisper processes together. */
export interface SpeechWindow {
  /** Its slots' indices are those of the batch. */
  window: Window;
  pcm: Float32Array;
  /** Without the silence between segments. */
  speechSamples: number;
}

/**
 * Puts a batch's segments into windows of up to 30 s. Silent ones are left out: whatever Whisper
 * makes of them is made up.
 * @param batch segments of 16 kHz PCM, up to 30 s each
 * @param together seconds beyond which segments are not put together
 * @param apart each segment in a window of its own: they may be in different languages
 * @throws RECOGNISE_FAILED for a sample that is not finite
 */
export function speechWindows(
  batch: readonly Float32Array[],
  { together = WHISPER_SECONDS, apart = false } = {},
): SpeechWindow[] {
  const heard = [...batch.entries()].filter(([, pcm]) => !isSilent(pcm));
  const segments = heard.map(([, pcm]) => pcm);
  const limits = {
    windowSamples: WHISPER_WINDOW_SAMPLES,
    togetherSamples: together * SAMPLE_RATE_HZ,
    gapSamples: GAP_SAMPLES,
  };
  const lengths = segments.map(({ length }) => length);
  const packed = apart
    ? lengths.map(
        (samples, index): Window => ({
          segments: [{ index, startSample: 0, endSample: samples }],
          samples,
        }),
      )
    : packWindows(lengths, limits);
  return packed.map((window) => ({
    pcm: windowPcm(window, segments),
    speechSamples: window.segments.reduce((sum, slot) => sum + (lengths[slot.index] ?? 0), 0),
    window: {
      ...window,
      segments: window.segments.map((slot) => ({ ...slot, index: heard[slot.index]?.[0] ?? 0 })),
    },
  }));
}

/** What is left of a window, to be read as one of its own. */
export interface Rest extends SpeechWindow {
  /** Where it begins, in samples of the window. */
  fromSample: number;
}

/** Less speech than this after a text's last time may be due to the coarseness of times. */
const LEAST_REST_SAMPLES = 2 * SAMPLE_RATE_HZ;

/**
 * What is left of a window whose text ended before its speech did.
 * @param endSample where the text ends, in samples of the window
 * @returns `null` when there is next to nothing
 */
export function restOf({ window, pcm }: SpeechWindow, endSample: number): Rest | null {
  const behind = window.segments.filter((slot) => slot.endSample > endSample);
  const fromSample = Math.max(endSample, behind[0]?.startSample ?? endSample);
  const segments = behind.map(
    (slot): Slot => ({
      index: slot.index,
      startSample: Math.max(0, slot.startSample - fromSample),
      endSample: slot.endSample - fromSample,
    }),
  );
  const lengths = segments.map((slot) => slot.endSample - slot.startSample);
  const speechSamples = lengths.reduce((sum, length) => sum + length, 0);
  // each reading gets further, so that there is a last one
  if (speechSamples < LEAST_REST_SAMPLES || fromSample < LEAST_REST_SAMPLES) return null;
  const rest = pcm.subarray(fromSample);
  return {
    ...{ fromSample, speechSamples, pcm: rest },
    window: { segments, samples: rest.length },
  };
}

/** Energy is measured in pieces of this length, so that one click is not lost in a long pause. */
const PIECE_SAMPLES = SAMPLE_RATE_HZ / 40;

/** Root mean square of the loudest piece; three steps of 16-bit audio, far below any room's noise. */
const SILENCE_LEVEL = 1e-4;

/**
 * Whether there is nothing to hear at all: no piece of 25 ms is louder than -80 dB of full scale.
 * Whisper makes up words for such audio ("Thank you.").
 * @throws RECOGNISE_FAILED for a sample that is not finite
 */
export function isSilent(pcm: Float32Array): boolean {
  let loudest = 0;
  for (let from = 0; from < pcm.length; from += PIECE_SAMPLES) {
    const piece = pcm.subarray(from, from + PIECE_SAMPLES);
    let sum = 0;
    for (const sample of piece) sum += sample * sample;
    if (!Number.isFinite(sum))
      throw new AppError('RECOGNISE_FAILED', 'A sample is not a number.', { details: { from } });
    loudest = Math.max(loudest, sum / piece.length);
  }
  return loudest < SILENCE_LEVEL ** 2;
}

/** The longest window, and the only one that most models know. */
export const WHISPER_SECONDS = 30;

/** Log-mel frames of a window are a multiple of it: kernels take 12 encoded frames at a time. */
const STEP_FRAMES = 24;

/** Silence after the speech, by which its end is known. */
const MARGIN_SAMPLES = 0.4 * SAMPLE_RATE_HZ;

/** Windows much shorter than the longest of a run would mostly be padding. */
const LEAST_SHARE = 0.6;

/** Windows of one run, at most, however short: the decoder takes steps for this many. */
const MOST_ROWS = STEP_WINDOWS;

/**
 * Log-mel frames that the encoder is given of a window.
 * @param samples of the window, up to 30 s
 * @param shortestWindow seconds, see `WhisperConfig`
 */
export function windowFrames(samples: number, shortestWindow: number): number {
  const wanted = Math.max(samples + MARGIN_SAMPLES, shortestWindow * SAMPLE_RATE_HZ);
  const steps = Math.ceil(wanted / (WHISPER_HOP_SAMPLES * STEP_FRAMES));
  return Math.min(WHISPER_FRAMES, steps * STEP_FRAMES);
}

/**
 * Seconds beyond which segments are not put into one window. What a frame costs grows with its window,
 * in the encoder's attention and in every token's: a model that knows short windows is faster in some
 * that hold a sentence or two (`docs/models.md` has what they cost in words).
 */
export function windowSeconds(shortestWindow: number): number {
  return Math.max(shortestWindow, 16);
}

/** All that `windowFrames` can give. */
export function frameCounts(shortestWindow: number): number[] {
  const counts: number[] = [];
  for (
    let frames = windowFrames(0, shortestWindow);
    frames <= WHISPER_FRAMES;
    frames += STEP_FRAMES
  )
    counts.push(frames);
  return counts;
}

/**
 * Which windows are run together: those of similar length where all are filled up to the longest.
 * @param frames of each window
 * @param maxRows windows of 30 s of one run, at most; of shorter ones as many as hold as much
 * @param apart each keeps its own length
 * @returns indices, by run; the longest windows first
 */
export function groupWindows(
  frames: readonly number[],
  maxRows: number,
  apart = false,
): number[][] {
  const byLength = [...frames.keys()].sort((a, b) => (frames[b] ?? 0) - (frames[a] ?? 0));
  const groups: number[][] = [];
  let longest = 0;
  let filled = 0;
  for (const index of byLength) {
    const own = frames[index] ?? 0;
    const group = groups.at(-1);
    const added = apart ? own : longest;
    const fits =
      (group?.length ?? 0) < MOST_ROWS &&
      filled + added <= maxRows * WHISPER_FRAMES &&
      (apart || own >= LEAST_SHARE * longest);
    if (group && fits) {
      group.push(index);
      filled += added;
    } else {
      groups.push([index]);
      longest = own;
      filled = own;
    }
  }
  return groups;
}
