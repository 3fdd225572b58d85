import { assert } from '@/lib/core';

/** Where one segment lies in a window, in samples: [startSample, endSample). */
export interface Slot {
  /** Of the segment, among those that were packed. */
  index: number;
  startSample: number;
  endSample: number;
}

/** Segments that a model processes together, with silence between them. */
export interface Window {
  /** In the segments' order, at least one, apart from each other. */
  segments: Slot[];
  /** From the start to the end of the last segment. */
  samples: number;
}

export interface PackLimits {
  /** The longest window. */
  windowSamples: number;
  /** Segments are not put together beyond it; one that is longer by itself has a window of its own. */
  togetherSamples: number;
  /** Silence between two segments of a window. */
  gapSamples: number;
}

/**
 * Puts neighbouring segments into common windows, for models that compute a whole window however
 * little speech is in it. Segments keep their order, and none is cut: a window ends before the
 * segment that would not fit as a whole.
 * @param lengths samples of each segment, none above `windowSamples`
 */
export function packWindows(lengths: readonly number[], limits: PackLimits): Window[] {
  const { windowSamples, togetherSamples, gapSamples } = limits;
  const windows: Window[] = [];
  let window: Window | null = null;
  for (const [index, length] of lengths.entries()) {
    assert(length <= windowSamples, `segment ${index} of ${length} samples fits into a window`);
    if (!window || window.samples + gapSamples + length > togetherSamples) {
      window = { segments: [{ index, startSample: 0, endSample: length }], samples: length };
      windows.push(window);
      continue;
    }
    const startSample: number = window.samples + gapSamples;
    window.samples = startSample + length;
    window.segments.push({ index, startSample, endSample: window.samples });
  }
  return windows;
}

/** The PCM of a window: its segments at their positions, silence between them. */
export function windowPcm(window: Window, batch: readonly Float32Array[]): Float32Array {
  const pcm = new Float32Array(window.samples);
  for (const { index, startSample, endSample } of window.segments) {
    const segment = batch[index];
    assert(segment?.length === endSample - startSample, `segment ${index} is the one packed`);
    pcm.set(segment, startSample);
  }
  return pcm;
}

/** The segment that a time in a window belongs to: the one it lies in, else the nearest. */
export function slotAt(window: Window, sample: number): Slot {
  const [first, ...others] = window.segments;
  assert(first, 'a window has a segment');
  return others.reduce(
    (nearest, slot) => (distance(slot, sample) < distance(nearest, sample) ? slot : nearest),
    first,
  );
}

/** 0 inside, also at the end itself: a word that ends there is the segment's own. */
function distance({ startSample, endSample }: Slot, sample: number): number {
  return Math.max(startSample - sample, sample - endSample, 0);
}
