import { assert } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { PcmWindow } from '@/lib/engine/vad';
import type { EmbeddingNetwork } from './embedding-network';
import type { Listener, PcmSegment, YieldToEventLoop } from './listener';
import type { SegmentationNetwork } from './segmentation-network';
import { type SplitLengths, splitVoices } from './split-voices';
import type { DiarisedWindow, FrameGrid, Voice } from './types';

/** From one window to the next, as a share of a window. */
const STEP = 0.5;
/** A voice that speaks alone for less than this in a window is not embedded. */
const MIN_SOLO_SAMPLES = 0.5 * SAMPLE_RATE_HZ;
/** More of a voice makes no better embedding, and takes longer. */
const MAX_SOLO_SAMPLES = 6 * SAMPLE_RATE_HZ;
/** Parts of a voice that are embedded each by itself. */
const PART_SAMPLES = {
  least: 1.5 * SAMPLE_RATE_HZ,
  pause: 0.15 * SAMPLE_RATE_HZ,
  most: 3 * SAMPLE_RATE_HZ,
};

/**
 * Processes a recording through a segmentation network: in overlapping windows, whose frames lie on one grid,
 * with an embedding of every voice. The whole recording is given, without a gap.
 */
export class SegmentedListener implements Listener {
  readonly grid: FrameGrid;
  readonly joinFactor = 1.9;
  readonly windows: DiarisedWindow[] = [];
  private readonly pcm = new PcmWindow(0);
  private readonly stepFrames: number;
  private readonly partFrames: SplitLengths;

  constructor(
    private readonly segmentation: SegmentationNetwork,
    private readonly embedding: EmbeddingNetwork,
  ) {
    const { frameSamples, offsetSamples, windowSamples } = segmentation;
    this.grid = { frameSamples, offsetSamples };
    const framesOf = (samples: number) => Math.round(samples / frameSamples);
    this.partFrames = {
      least: framesOf(PART_SAMPLES.least),
      pause: framesOf(PART_SAMPLES.pause),
      most: framesOf(PART_SAMPLES.most),
    };
    this.stepFrames = Math.max(1, Math.round((windowSamples * STEP) / frameSamples));
  }

  async push({ startSample, pcm }: PcmSegment, yieldToEventLoop: YieldToEventLoop): Promise<void> {
    assert(startSample === this.pcm.endSample, `PCM must go on at ${this.pcm.endSample}`);
    this.pcm.append(pcm);
    while (this.pcm.endSample >= this.nextSample + this.segmentation.windowSamples) {
      await yieldToEventLoop();
      await this.process(this.segmentation.windowSamples);
    }
  }

  async finish(yieldToEventLoop: YieldToEventLoop): Promise<void> {
    const { windowSamples } = this.segmentation;
    const stepSamples = this.stepFrames * this.grid.frameSamples;
    // what the last window has not seen yet
    const seen = this.windows.length === 0 ? 0 : this.nextSample - stepSamples + windowSamples;
    if (this.pcm.endSample <= seen) return;
    await yieldToEventLoop();
    await this.process(this.pcm.endSample - this.nextSample);
  }

  private get nextSample(): number {
    return this.windows.length * this.stepFrames * this.grid.frameSamples;
  }

  /** Processes the next window, of which this many samples are there; silence is behind them. */
  private async process(samples: number): Promise<void> {
    const { windowSamples, voices: count } = this.segmentation;
    const from = this.nextSample;
    const pcm = new Float32Array(windowSamples);
    pcm.set(this.pcm.view(from, from + samples));
    const whole = await this.segmentation.run(pcm);
    const { activity, parts } = splitVoices(
      whole.slice(0, this.framesWithin(samples)),
      count,
      this.partFrames,
    );
    const voices: Voice[] = [];
    for (let voice = 0; voice < parts; voice++)
      voices.push(await this.voiceOf(pcm, activity, voice));
    this.windows.push({
      startFrame: this.windows.length * this.stepFrames,
      activity,
      voices,
    });
    this.pcm.dropBefore(this.nextSample);
  }

  /** Frames that begin within the first samples of a window. */
  private framesWithin(samples: number): number {
    const { frameSamples, offsetSamples } = this.grid;
    return Math.max(0, Math.ceil((samples - offsetSamples) / frameSamples));
  }

  private async voiceOf(pcm: Float32Array, activity: Uint32Array, voice: number): Promise<Voice> {
    let soloFrames = 0;
    for (const bits of activity) if (bits === 1 << voice) soloFrames++;
    const isLong = soloFrames * this.grid.frameSamples >= MIN_SOLO_SAMPLES;
    const embedding = isLong
      ? await this.embedding.embed(soloPcm(pcm, activity, voice, this.grid, MAX_SOLO_SAMPLES))
      : null;
    return { embedding, soloFrames };
  }
}

/**
 * The samples in which one voice of a window speaks alone, put together.
 * @param activity a number with a bit for each voice, for each frame of the window
 * @param frameSamples samples of a frame; `offsetSamples`: where in the window frame 0 begins
 * @param maxSamples the middle is taken of more
 */
function soloPcm(
  pcm: Float32Array,
  activity: Uint32Array,
  voice: number,
  { frameSamples, offsetSamples }: { frameSamples: number; offsetSamples: number },
  maxSamples: number,
): Float32Array {
  const alone = 1 << voice;
  const frames: number[] = [];
  for (const [frame, bits] of activity.entries()) if (bits === alone) frames.push(frame);
  const wanted = Math.floor(maxSamples / frameSamples);
  const first = Math.max(0, Math.floor((frames.length - wanted) / 2));
  const kept = frames.slice(first, first + wanted);
  const solo = new Float32Array(kept.length * frameSamples);
  for (const [at, frame] of kept.entries()) {
    const from = offsetSamples + frame * frameSamples;
    solo.set(pcm.subarray(from, from + frameSamples), at * frameSamples);
  }
  return solo;
}
