import { packWindows, type Window, windowPcm } from '@/lib/engine/alignment';
import { SAMPLE_RATE_HZ, WHISPER_WINDOW_SAMPLES } from '@/lib/engine/audio';
import { WHISPER_SECONDS } from './frames';
import { isSilent } from './silence';

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
