import { assert, freeBuffer } from '@/lib/core';
import { CONTEXT_SAMPLES, FRAME_SAMPLES, STATE_SIZE } from './constants';
import { frameLevels, frameRows, type VadNetwork } from './silero';

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
