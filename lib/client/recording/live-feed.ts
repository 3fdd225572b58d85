import { isAbort } from '@/lib/core';
import { type PcmSpan, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { Follower } from './follower';
import { createLiveText } from './live';
import { withWords } from './paragraphs';
import type { LiveEngine, LiveText } from './ports';
import type { LiveUpdate, RecordingState } from './types';

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
