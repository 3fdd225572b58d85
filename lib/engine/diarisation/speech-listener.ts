import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { EmbeddingNetwork } from './embedding-network';
import type { Listener, PcmSegment, YieldToEventLoop } from './listener';
import type { DiarisedWindow, FrameGrid } from './types';

const FRAME_SAMPLES = 0.02 * SAMPLE_RATE_HZ;
/** Length of a window, and from one to the next: long enough to know a voice, short enough for changes. */
const WINDOW_FRAMES = 75;
const STEP_FRAMES = WINDOW_FRAMES / 3;
/** Shorter speech is not embedded. */
const MIN_FRAMES = 25;

/**
 * Processes a recording without a segmentation network: speech that a VAD found, in windows of one voice each.
 * Gives no overlap, and changes of speaker as exactly as windows allow.
 */
export class SpeechListener implements Listener {
  readonly grid: FrameGrid = { frameSamples: FRAME_SAMPLES, offsetSamples: 0 };
  readonly joinFactor = 1.8;
  readonly windows: DiarisedWindow[] = [];

  constructor(private readonly embedding: EmbeddingNetwork) {}

  /** @param sound a segment of speech; behind the last one, and not longer than fits into memory */
  async push({ startSample, pcm }: PcmSegment, yieldToEventLoop: YieldToEventLoop): Promise<void> {
    const startFrame = Math.round(startSample / FRAME_SAMPLES);
    const frames = Math.floor(pcm.length / FRAME_SAMPLES);
    for (let from = 0; from < frames; from += STEP_FRAMES) {
      await yieldToEventLoop();
      const to = Math.min(from + WINDOW_FRAMES, frames);
      const part = pcm.subarray(from * FRAME_SAMPLES, to * FRAME_SAMPLES);
      const embedding = to - from < MIN_FRAMES ? null : await this.embedding.embed(part);
      this.windows.push({
        startFrame: startFrame + from,
        activity: new Uint32Array(to - from).fill(1),
        voices: [{ embedding, soloFrames: to - from }],
      });
      if (to === frames) break;
    }
  }

  async finish(): Promise<void> {
    // every segment was processed when it came
  }
}
