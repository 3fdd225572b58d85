import { AppError } from '@/lib/core';
import type { NemoMel } from '@/lib/engine/audio';

/** Samples from one frame of features to the next. */
export const FEATURE_SAMPLES = 160;

/** Log-mel features of one segment: [bands, frames]. */
export interface Features {
  data: Float32Array;
  frames: number;
}

/** @throws RECOGNISE_FAILED for samples that are not finite */
export function featuresOf(mel: NemoMel, pcm: Float32Array): Features {
  for (let at = 0; at < pcm.length; at++)
    if (!Number.isFinite(pcm[at]))
      throw new AppError('RECOGNISE_FAILED', `A sample is ${pcm[at]}.`, { details: { at } });
  const { features, frames } = mel.compute(pcm);
  return { data: features, frames };
}

/** Features of a batch as encoders take them, zero after each row's length. */
export interface FeatureBatch {
  data: Float32Array<ArrayBuffer>;
  /** Frames of the longest row. */
  frames: number;
  lengths: number[];
}

/**
 * @param order `bands-first`: [rows, bands, frames]; `frames-first`: [rows, frames, bands]
 */
export function stackFeatures(
  rows: readonly Features[],
  bands: number,
  order: 'bands-first' | 'frames-first',
): FeatureBatch {
  const lengths = rows.map((row) => row.frames);
  const frames = Math.max(...lengths);
  const data = new Float32Array(rows.length * bands * frames);
  for (const [index, row] of rows.entries()) {
    const from = index * bands * frames;
    for (let band = 0; band < bands; band++) {
      const own = row.data.subarray(band * row.frames, (band + 1) * row.frames);
      if (order === 'bands-first') data.set(own, from + band * frames);
      else
        for (let frame = 0; frame < row.frames; frame++)
          data[from + frame * bands + band] = own[frame] ?? 0;
    }
  }
  return { data, frames, lengths };
}
