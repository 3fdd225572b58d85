import { isAbort } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { SpokenSegment } from './live';
import type { SecondEngine } from './ports';
import type { LiveWord, SecondModel } from './types';

/** Most speech that may wait for the running model: with more it will never catch up. */
const BEHIND_SAMPLES = 45 * SAMPLE_RATE_HZ;
/** Most speech that waits for it to load; older speech is left to the final pass. */
const WAITING_SAMPLES = 30 * SAMPLE_RATE_HZ;
/** Most speech in one call, so that the first words do not wait for the last. */
const BATCH_SAMPLES = 30 * SAMPLE_RATE_HZ;

interface FollowerEvents {
  /** The better model's words of a segment, which replace the earlier ones. Called once per segment. */
  onWords(segment: SpokenSegment, words: LiveWord[]): void;
  onState(state: SecondModel['state']): void;
}

/**
 * Recognises final segments again with a better model. One recognition runs at a time and takes all that
 * is waiting, so it follows the speaker as closely as the device allows; if it falls too far behind, it is
 * stopped. The recording does not depend on it.
 */
export class Follower {
  private readonly life = new AbortController();
  private engine: SecondEngine | null = null;
  private waiting: SpokenSegment[] = [];
  private running = false;
  private isOver = false;

  constructor(
    open: (signal: AbortSignal) => Promise<SecondEngine>,
    private readonly events: FollowerEvents,
  ) {
    events.onState('loading');
    open(this.life.signal).then(
      (engine) => {
        if (this.isOver) engine.dispose();
        else {
          this.engine = engine;
          events.onState('following');
          this.run();
        }
      },
      (error: unknown) => this.fail(error),
    );
  }

  push(segment: SpokenSegment): void {
    if (this.isOver) return;
    this.waiting.push(segment);
    if (this.engine === null) {
      while (this.waiting.length > 1 && lengthOf(this.waiting) > WAITING_SAMPLES)
        this.waiting.shift();
    } else if (lengthOf(this.waiting) > BEHIND_SAMPLES) this.end('behind');
    this.run();
  }

  /** Nothing more is reported; what is waiting is left to the final pass. */
  close(): void {
    this.end(null);
  }

  private run(): void {
    const { engine } = this;
    if (!engine || this.running || this.isOver || this.waiting.length === 0) return;
    this.running = true;
    this.recognise(engine, this.nextBatch())
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.running = false;
        this.run();
      });
  }

  private nextBatch(): SpokenSegment[] {
    let count = 1;
    while (
      count < this.waiting.length &&
      lengthOf(this.waiting.slice(0, count + 1)) <= BATCH_SAMPLES
    )
      count += 1;
    return this.waiting.splice(0, count);
  }

  private async recognise(engine: SecondEngine, batch: SpokenSegment[]): Promise<void> {
    const recognised = await engine.recognise(
      batch.map(({ pcm }) => pcm),
      this.life.signal,
    );
    if (this.isOver) return;
    batch.forEach((segment, at) => {
      const words = (recognised[at] ?? []).map(
        ({ text, startSample, endSample }): LiveWord => ({
          text,
          startSample: segment.startSample + startSample,
          endSample: segment.startSample + endSample,
          isSecond: true,
        }),
      );
      this.events.onWords(segment, words);
    });
  }

  private fail(error: unknown): void {
    if (this.isOver || isAbort(error)) return;
    console.warn('The better model does not follow the live text', error);
    this.end('failed');
  }

  private end(state: SecondModel['state'] | null): void {
    if (this.isOver) return;
    this.isOver = true;
    this.waiting = [];
    this.life.abort();
    this.engine?.dispose();
    this.engine = null;
    if (state) this.events.onState(state);
  }
}

function lengthOf(segments: readonly SpokenSegment[]): number {
  return segments.reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
}
