import { isAbort } from '@/lib/core';
import { type PcmSpan, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { createLiveText, type SpokenSegment } from './live';
import { withWords } from './paragraphs';
import type {
  LiveEngine,
  LiveText,
  LiveUpdate,
  LiveWord,
  RecordingState,
  SecondEngine,
  SecondModel,
} from './ports';

/** Most speech that may wait for the running model: with more it will never catch up. */
const BEHIND_SAMPLES = 45 * SAMPLE_RATE_HZ;
/** Most speech that waits for it to load; older speech is left to the final pass. */
const LOADING_SAMPLES = 30 * SAMPLE_RATE_HZ;
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
      while (this.waiting.length > 1 && lengthOf(this.waiting) > LOADING_SAMPLES)
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

/** Most audio that waits for the model to load; older audio is left to the final pass. */
const WAITING_SAMPLES = 30 * SAMPLE_RATE_HZ;

/** The part of a recording's state that live text determines. */
export type LiveTextState = Pick<
  RecordingState,
  'paragraphs' | 'partial' | 'liveModel' | 'secondModel'
>;

/** What the feed reports to the recording. */
export interface LiveTextEvents {
  onChange(change: Partial<LiveTextState>): void;
  /** Called once, if there will be no (more) live text. */
  onFailure(): void;
}

/** Runs live text for a recording. Recording does not depend on it. */
export class LiveTextFeed {
  private readonly life = new AbortController();
  private readonly opening: Promise<void>;
  private engine: LiveEngine | null = null;
  private text: LiveText | null = null;
  private follower: Follower | null = null;
  private waiting: PcmSpan[] = [];
  private waitingSamples = 0;
  private failed = false;
  private paragraphs: RecordingState['paragraphs'] = [];
  /** The recording was paused while the model was loading, and not resumed. */
  private flushesOnOpen = false;

  constructor(
    openEngine: (signal: AbortSignal) => Promise<LiveEngine>,
    private readonly events: LiveTextEvents,
  ) {
    this.opening = this.open(openEngine).catch((error: unknown) => this.fail(error));
  }

  push(span: PcmSpan): void {
    if (this.failed) return;
    if (this.text) {
      this.text.push(span);
      return;
    }
    this.flushesOnOpen = false;
    this.waiting.push(span);
    this.waitingSamples += span.pcm.length;
    while (this.waitingSamples > WAITING_SAMPLES)
      this.waitingSamples -= this.waiting.shift()?.pcm.length ?? 0;
  }

  /** Finalises the open segment: the recording is paused. */
  flush(): void {
    this.flushesOnOpen = this.text === null;
    this.text?.flush().catch((error: unknown) => this.fail(error));
  }

  /** Finalises the open segment and releases everything. Never rejects. */
  async close(): Promise<void> {
    // do not wait for a model that is still loading
    if (!this.text) this.life.abort();
    // the final pass is next: better words are no longer needed here
    this.follower?.close();
    await this.opening;
    try {
      await this.text?.flush();
      await this.text?.close();
    } catch (error) {
      this.fail(error);
    }
    this.life.abort();
    this.text = null;
    this.engine?.dispose();
    this.engine = null;
  }

  private async open(openEngine: (signal: AbortSignal) => Promise<LiveEngine>): Promise<void> {
    const engine = await openEngine(this.life.signal);
    this.engine = engine;
    const follower = this.follow(engine);
    const text = await createLiveText(engine, {
      onUpdate: (update) => this.show(update),
      ...(follower ? { onSegment: (segment) => follower.push(segment) } : {}),
      onError: (error) => this.fail(error),
    });
    this.events.onChange({ liveModel: engine.modelName });
    for (const span of this.waiting) text.push(span);
    this.waiting = [];
    this.text = text;
    if (this.flushesOnOpen) this.flush();
  }

  /** Starts the better model, if there is one. */
  private follow({ second }: LiveEngine): Follower | null {
    if (!second || this.life.signal.aborted) return null;
    const { name } = second;
    this.follower = new Follower((signal) => second.open(signal), {
      onWords: ({ startSample, endSample }, words) => {
        this.paragraphs = withWords(this.paragraphs, startSample, endSample, words);
        this.events.onChange({ paragraphs: this.paragraphs });
      },
      onState: (state) => this.events.onChange({ secondModel: { name, state } }),
    });
    return this.follower;
  }

  private show({ final, partial, endsParagraph }: LiveUpdate): void {
    const paragraphs = [...this.paragraphs];
    const [first] = final;
    if (first) {
      const begun = paragraphs.pop() ?? { startSample: first.startSample, words: [] };
      paragraphs.push({ ...begun, words: [...begun.words, ...final] });
    }
    // what is said next gets its own paragraph, even before any of it is final
    const last = paragraphs.at(-1)?.words.at(-1);
    if (endsParagraph && last) paragraphs.push({ startSample: last.endSample, words: [] });
    this.paragraphs = paragraphs;
    this.events.onChange({ paragraphs, partial });
  }

  private fail(error: unknown): void {
    if (this.failed || isAbort(error)) return;
    this.failed = true;
    this.waiting = [];
    console.warn('There is no live text', error);
    this.events.onChange({ partial: [], liveModel: null });
    this.events.onFailure();
  }
}
