import { assert, freeBuffer } from '@/lib/core';
import { CONTEXT_SAMPLES, FRAME_SAMPLES, STATE_SIZE } from './constants';

/** Samples of one row of the network's input: a frame after its context. */
export const ROW_SAMPLES = CONTEXT_SAMPLES + FRAME_SAMPLES;

/** One run of the network over consecutive frames. */
interface VadRun {
  /** Probability of speech, 0 to 1, one for each frame. */
  probabilities: Float32Array;
  /** STATE_SIZE numbers: hidden, then cell state after the last frame. */
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

/** VAD of sound as it comes: a few frames a run, the network's recurrent state carried from run to run. */
export class LiveFrames {
  private state = new Float32Array(STATE_SIZE);
  /** The samples before the next frame; silence before the first. */
  private context = new Float32Array(CONTEXT_SAMPLES);

  constructor(private readonly network: VadNetwork) {}

  /**
   * Takes the frames that follow. Calls must not overlap.
   * @param pcm whole frames
   * @returns one probability of speech, and one mean power, for each
   */
  async push(pcm: Float32Array): Promise<{ probabilities: Float32Array; levels: Float32Array }> {
    assert(pcm.length > 0 && pcm.length % FRAME_SAMPLES === 0, 'live VAD takes whole frames');
    const buffer = new Float32Array(CONTEXT_SAMPLES + pcm.length);
    buffer.set(this.context);
    buffer.set(pcm, CONTEXT_SAMPLES);
    const rows = frameRows(buffer);
    const { probabilities, state } = await this.network.run(rows, this.state);
    freeBuffer(rows.buffer);
    this.state = Float32Array.from(state);
    this.context = buffer.slice(-CONTEXT_SAMPLES);
    const levels = frameLevels(buffer);
    freeBuffer(buffer.buffer);
    return { probabilities, levels };
  }
}
