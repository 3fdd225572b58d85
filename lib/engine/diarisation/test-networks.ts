import type { EmbeddingNetwork } from './embedding-network';
import type { SegmentationNetwork } from './segmentation-network';

/** Samples of a frame. */
export const FRAME = 160;
/** Frames of a window. */
export const WINDOW = 400;

/** Places in an embedding, and how far a speaker's bump reaches around theirs: neighbours are 0.56 apart. */
const PLACES = 64;
const REACH = 0.55;

/**
 * Sound in which speakers are known by arithmetic: who speaks is the sample's value, 1, 2, 3, …; two at once
 * are 10 a + b.
 * @param spans [speaker, frames], one behind the other; 0: nobody
 */
export function soundOf(...spans: [speaker: number, frames: number][]): Float32Array {
  return Float32Array.from(
    spans.flatMap(([speaker, frames]) => Array<number>(frames * FRAME).fill(speaker)),
  );
}

/**
 * Numbers speakers in the order in which they speak in the window, so that the same speaker has another
 * number in another window.
 */
export const arithmeticSegmentation: SegmentationNetwork = {
  windowSamples: WINDOW * FRAME,
  frameSamples: FRAME,
  offsetSamples: 0,
  voices: 3,
  async run(pcm) {
    const voices = new Map<number, number>();
    const bitOf = (speaker: number) => {
      if (speaker === 0) return 0;
      if (!voices.has(speaker)) voices.set(speaker, voices.size);
      return 1 << (voices.get(speaker) ?? 0);
    };
    return Uint8Array.from({ length: WINDOW }, (_, frame) => {
      const value = Math.round(pcm[frame * FRAME] ?? 0);
      return bitOf(Math.floor(value / 10)) | bitOf(value % 10);
    });
  },
  release: async () => undefined,
};

/** A bump at the speaker's number; of several in one sound, at the number between them. */
export const arithmeticEmbedding: EmbeddingNetwork = {
  async embed(pcm) {
    const mean = pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length;
    const vector = Float32Array.from({ length: PLACES }, (_, place) =>
      Math.exp(-((place / 8 - mean) ** 2) / (2 * REACH ** 2)),
    );
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  },
  release: async () => undefined,
};
