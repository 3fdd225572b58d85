import { CONTEXT_SAMPLES, FRAME_SAMPLES } from './constants';

/** Samples of one row of the network's input: a frame behind its context. */
export const ROW_SAMPLES = CONTEXT_SAMPLES + FRAME_SAMPLES;

/** One run of the network over consecutive frames. */
interface VadRun {
  /** Probability of speech, 0 to 1, one for each frame. */
  probabilities: Float32Array;
  /** STATE_SIZE numbers: hidden, then cell state behind the last frame. */
  state: Float32Array;
}

/** The network, however it is computed. Runs must not overlap. */
export interface VadNetwork {
  /**
   * @param rows [frames, ROW_SAMPLES]
   * @param state STATE_SIZE numbers, zeros at the start of a recording
   */
  run(rows: Float32Array, state: Float32Array): Promise<VadRun>;
}

/**
 * Lays PCM out as the network's input. The first frame begins CONTEXT_SAMPLES into `pcm`; the last
 * one is filled up with silence.
 * @param pcm context and then the samples of the frames
 */
export function frameRows(pcm: Float32Array): Float32Array {
  const frames = Math.ceil((pcm.length - CONTEXT_SAMPLES) / FRAME_SAMPLES);
  const rows = new Float32Array(frames * ROW_SAMPLES);
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * FRAME_SAMPLES;
    rows.set(pcm.subarray(from, from + ROW_SAMPLES), frame * ROW_SAMPLES);
  }
  return rows;
}

/** Mean power of each frame of the same PCM, context left out. */
export function frameLevels(pcm: Float32Array): Float32Array {
  const frames = Math.ceil((pcm.length - CONTEXT_SAMPLES) / FRAME_SAMPLES);
  const levels = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const from = CONTEXT_SAMPLES + frame * FRAME_SAMPLES;
    const to = Math.min(from + FRAME_SAMPLES, pcm.length);
    let sum = 0;
    for (let i = from; i < to; i++) sum += (pcm[i] ?? 0) ** 2;
    levels[frame] = sum / FRAME_SAMPLES;
  }
  return levels;
}
