import { AppError, assert } from '@/lib/core';
import { BLOCK_FRAMES, CONTEXT_SAMPLES, FRAME_SAMPLES, STATE_SIZE } from './constants';
import type { SegmenterOptions } from './options';
import { PcmWindow } from './pcm-window';
import { FIRST_POSITION, SpeechSegmenter, type SpeechSpan } from './segmenter';
import { frameLevels, frameRows, type VadNetwork } from './silero';

/**
 * Everything needed to resume segmenting after a segment as in an uninterrupted run. Plain
 * JSON: it is stored with the segment.
 */
export interface SegmenterCheckpoint {
  version: 1;
  /** PCM must be given again from here; it may lie before the segment's end. */
  startSample: number;
  /** The first VAD frame that the state machine has to look at. */
  nextFrame: number;
  /** No later segment may begin before this sample: the end of the last one. */
  floorSample: number;
  /** The last segment was cut inside speech: the next one begins exactly at `floorSample`. */
  speaking: boolean;
  /** The VAD network's recurrent state at the start of the block that holds `nextFrame`. */
  vadState: number[];
}

/** One speech segment, with its samples and the position to resume from after it. */
export interface SegmentedSpeech {
  /** [startSample, endSample) of the recording at 16 kHz. */
  startSample: number;
  endSample: number;
  pcm: Float32Array;
  checkpoint: SegmenterCheckpoint;
}

/** VAD on frames as they come. */
export interface LiveVad {
  /**
   * @param pcm the samples that follow, any number of whole frames of 512; given away
   * @returns for each frame the probability of speech, and its mean power
   */
  push(pcm: Float32Array): Promise<{ probabilities: Float32Array; levels: Float32Array }>;
  close(): Promise<void>;
}

/** Called between two runs of the network: lets messages in, and throws to stop. */
export type YieldToEventLoop = () => Promise<void>;

/**
 * Speech segments of one recording: PCM in, segments out. The network runs over blocks at fixed
 * positions and hands its recurrent state from one to the next, so that its probabilities are those of one
 * long run; the checkpoint of a segment keeps the state at the start of its block, which makes a
 * resumed run equal to the last bit. Keeps only the PCM that may still be needed.
 */
export class VadSession {
  /** Where PCM must begin. */
  readonly startSample: number;

  private readonly window: PcmWindow;
  private readonly segmenter: SpeechSegmenter;
  /** The network's recurrent state at the start of each block that a checkpoint may still name. */
  private readonly states = new Map<number, Float32Array>();
  /** The first frame of the next block. */
  private blockFrame = 0;
  /** The first frame that the segmenter has not seen; inside the first block after a resume. */
  private freshFrame: number;

  constructor(
    private readonly network: VadNetwork,
    options: SegmenterOptions,
    from: SegmenterCheckpoint | null,
  ) {
    const checkpoint = from && checkCheckpoint(from);
    this.segmenter = new SpeechSegmenter(options, checkpoint ?? FIRST_POSITION);
    this.freshFrame = checkpoint?.nextFrame ?? 0;
    this.blockFrame = blockOf(this.freshFrame);
    this.states.set(this.blockFrame, Float32Array.from(checkpoint?.vadState ?? emptyState()));
    this.startSample = checkpoint?.startSample ?? 0;
    this.window = new PcmWindow(this.startSample);
  }

  /** No segment that is not given yet begins before this sample. */
  get nextStartSample(): number {
    return this.segmenter.neededFromSample;
  }

  /** Takes the PCM that follows what it was given before. */
  async push(
    startSample: number,
    pcm: Float32Array,
    yieldToEventLoop: YieldToEventLoop,
  ): Promise<SegmentedSpeech[]> {
    assert(startSample === this.window.endSample, `PCM must go on at ${this.window.endSample}`);
    this.window.append(pcm);
    const found: SegmentedSpeech[] = [];
    while (this.window.endSample >= (this.blockFrame + BLOCK_FRAMES) * FRAME_SAMPLES) {
      await yieldToEventLoop();
      found.push(...(await this.runBlock(BLOCK_FRAMES)));
    }
    return found;
  }

  /** No more PCM follows. */
  async finish(yieldToEventLoop: YieldToEventLoop): Promise<SegmentedSpeech[]> {
    const found: SegmentedSpeech[] = [];
    const left = Math.ceil(this.window.endSample / FRAME_SAMPLES) - this.blockFrame;
    if (left > 0) {
      await yieldToEventLoop();
      found.push(...(await this.runBlock(left)));
    }
    found.push(...this.take(this.segmenter.finish(this.window.endSample)));
    return found;
  }

  /** Runs the network over the next block and shows its new frames to the state machine. */
  private async runBlock(frames: number): Promise<SegmentedSpeech[]> {
    const pcm = this.blockPcm(frames);
    const state = this.states.get(this.blockFrame);
    assert(state, `the state at frame ${this.blockFrame} is known`);
    const run = await this.network.run(frameRows(pcm), state);
    const seen = this.freshFrame - this.blockFrame;
    const spans = this.segmenter.push(
      run.probabilities.subarray(seen),
      frameLevels(pcm).subarray(seen),
    );
    this.blockFrame += frames;
    this.freshFrame = this.blockFrame;
    this.states.set(this.blockFrame, run.state);
    const found = this.take(spans);
    this.forget();
    return found;
  }

  /** Context and samples of the next `frames` frames; silence before the recording's start. */
  private blockPcm(frames: number): Float32Array {
    const first = this.blockFrame * FRAME_SAMPLES;
    const end = Math.min(first + frames * FRAME_SAMPLES, this.window.endSample);
    const from = Math.max(0, first - CONTEXT_SAMPLES);
    const pcm = new Float32Array(CONTEXT_SAMPLES + end - first);
    pcm.set(this.window.view(from, end), from - (first - CONTEXT_SAMPLES));
    return pcm;
  }

  private take(spans: readonly SpeechSpan[]): SegmentedSpeech[] {
    return spans.map(({ startSample, endSample, after }) => {
      const end = Math.min(endSample, this.window.endSample);
      const blockFrame = blockOf(after.nextFrame);
      const state = this.states.get(blockFrame);
      assert(state, `the state at frame ${blockFrame} is kept`);
      return {
        startSample,
        endSample: end,
        pcm: this.window.view(startSample, end).slice(),
        checkpoint: {
          version: 1,
          ...after,
          startSample: Math.max(
            0,
            Math.min(blockFrame * FRAME_SAMPLES - CONTEXT_SAMPLES, after.floorSample),
          ),
          vadState: Array.from(state),
        },
      };
    });
  }

  /** Drops PCM and states that neither a segment nor a checkpoint can ask for. */
  private forget(): void {
    const blockSample = this.blockFrame * FRAME_SAMPLES - CONTEXT_SAMPLES;
    this.window.dropBefore(Math.min(blockSample, this.segmenter.neededFromSample));
    const oldest = blockOf(this.segmenter.neededFromFrame);
    for (const frame of this.states.keys()) if (frame < oldest) this.states.delete(frame);
  }
}

function blockOf(frame: number): number {
  return Math.floor(frame / BLOCK_FRAMES) * BLOCK_FRAMES;
}

function emptyState(): Float32Array {
  return new Float32Array(STATE_SIZE);
}

/** Refuses what another version, or a damaged store, may have left. */
function checkCheckpoint(checkpoint: SegmenterCheckpoint): SegmenterCheckpoint {
  const { version, startSample, nextFrame, floorSample, vadState } = checkpoint;
  const whole = [startSample, nextFrame, floorSample].every(
    (value) => Number.isSafeInteger(value) && value >= 0,
  );
  const known = version === 1 && whole && vadState.length === STATE_SIZE;
  if (!known || startSample > nextFrame * FRAME_SAMPLES)
    throw new AppError('STORE_CORRUPT', 'The stored place to go on from cannot be used.', {
      details: { version, startSample, nextFrame },
    });
  return checkpoint;
}
