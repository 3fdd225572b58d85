import { isAbort } from '@/lib/core';
import { type PcmSpan, SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio';
import {
  FRAME_SAMPLES,
  type LiveVad,
  PcmWindow,
  SpeechSegmenter,
  type SpeechSpan,
  segmenterOptions,
} from '@/lib/engine/vad';
import { LocalAgreement } from './local-agreement';
import { Paragraphs } from './paragraphs';
import type { LiveEngine, LiveText, LiveUpdate, LiveWord } from './ports';

/** Frames per VAD call (192 ms): a call costs more than its arithmetic. */
const VAD_FRAMES = 6;

/**
 * The open segment is recognised again after this much new audio, in samples: half a second, about as often
 * as words are spoken. More often costs more than it shows.
 */
const STEP_SAMPLES = 0.5 * SAMPLE_RATE_HZ;

/** On a slow machine, runs are spaced so that they take at most this share of the time. */
const LARGEST_SHARE = 0.5;

/** Silence after the speech that the segment's last run must include, in samples. */
const TAIL_SAMPLES = 0.25 * SAMPLE_RATE_HZ;

/** Most speech that waits to be recognised; older speech is left to the final pass. */
const BEHIND_SAMPLES = 30 * SAMPLE_RATE_HZ;

/**
 * Short pauses end a segment, which finalises it, and long segments are divided: the cost of a run grows
 * with the open segment, and there are two runs a second.
 */
const OPTIONS = segmenterOptions({
  speechPadMs: 250,
  maxPauseMs: 600,
  maxSegmentMs: 10_000,
  minSplitMs: 2_000,
});

export interface LiveTextEvents {
  onUpdate(update: LiveUpdate): void;
  /** A segment whose words are final; called after them. The callee owns its PCM. */
  onSegment?(segment: SpokenSegment): void;
  /** There will be no more text. Called once. */
  onError(error: unknown): void;
}

/** A segment of speech: its position in the recording, in samples at 16 kHz, and its audio. */
export interface SpokenSegment {
  startSample: number;
  endSample: number;
  pcm: Float32Array;
}

/** A segment whose end is known. */
interface ClosedSpan {
  startSample: number;
  endSample: number;
  pcm: Float32Array;
}

/** A hypothesis of the open segment, kept in case nothing more is said. */
interface LastHypothesis {
  startSample: number;
  processedToSample: number;
  words: LiveWord[];
}

/**
 * Creates live text. The VAD processes frames as they arrive; the open segment is recognised again as it
 * grows, and its words become final by agreement, the rest at its end. At most one recognition runs and
 * none is queued: each takes all audio up to then. Only `push` and results drive it, no timer, so a page in
 * the background keeps up.
 * @throws what the engine throws when its VAD is opened
 */
export async function createLiveText(
  engine: LiveEngine,
  events: LiveTextEvents,
): Promise<LiveText> {
  return new StreamingText(engine, await engine.openVad(), events);
}

class StreamingText implements LiveText {
  private readonly life = new AbortController();
  private readonly segmenter = new SpeechSegmenter(OPTIONS);
  private readonly agreement = new LocalAgreement();
  private readonly paragraphs = new Paragraphs();
  /** Samples count from the first one pushed, as the segmenter counts. */
  private readonly window = new PcmWindow(0);
  /** The recording's sample at which that is. */
  private base: number | null = null;
  /** The VAD has processed everything before. */
  private seenSample = 0;
  private closed: ClosedSpan[] = [];
  private detecting: Promise<void> | null = null;
  private recognising: Promise<void> | null = null;
  private last: LastHypothesis | null = null;
  private lastRunMs = 0;
  /** Start of the segment that the agreement is about. */
  private segmentStart: number | null = null;
  private lastEnd = 0;
  private flushing = false;
  private failed = false;

  constructor(
    private readonly engine: LiveEngine,
    private readonly vad: LiveVad,
    private readonly events: LiveTextEvents,
  ) {}

  push({ startSample, pcm }: PcmSpan): void {
    if (this.failed || this.life.signal.aborted) return;
    this.base ??= startSample;
    this.window.append(pcm);
    this.detect();
  }

  async flush(): Promise<void> {
    this.flushing = true;
    try {
      while (this.detecting) await this.detecting;
      this.closeSpans(this.segmenter.finish(this.window.endSample));
      this.recognise();
      while (this.recognising) await this.recognising;
    } finally {
      this.flushing = false;
    }
  }

  async close(): Promise<void> {
    this.life.abort();
    this.closed = [];
    await this.vad.close();
  }

  /** Gives new frames to the VAD, as long as there are enough of them. */
  private detect(): void {
    this.detecting ??= this.detectAll()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.detecting = null;
        // frames that arrived in the meantime
        if (this.unseenFrames >= VAD_FRAMES && !this.failed && !this.life.signal.aborted)
          this.detect();
      });
  }

  private get unseenFrames(): number {
    return Math.floor((this.window.endSample - this.seenSample) / FRAME_SAMPLES);
  }

  private async detectAll(): Promise<void> {
    for (;;) {
      const frames = this.unseenFrames;
      if (frames < VAD_FRAMES || this.life.signal.aborted) return;
      const from = this.seenSample;
      const to = from + frames * FRAME_SAMPLES;
      const { probabilities, levels } = await this.vad.push(this.window.view(from, to).slice());
      this.seenSample = to;
      this.closeSpans(this.segmenter.push(probabilities, levels));
      this.window.dropBefore(Math.min(this.segmenter.neededFromSample, this.seenSample));
      this.recognise();
    }
  }

  private closeSpans(spans: readonly SpeechSpan[]): void {
    for (const { startSample, endSample } of spans) {
      const end = Math.min(endSample, this.window.endSample);
      const pcm = this.window.view(startSample, end).slice();
      this.closed.push({ startSample, endSample: end, pcm });
    }
    let waiting = this.closed.reduce((sum, { pcm }) => sum + pcm.length, 0);
    while (waiting > BEHIND_SAMPLES && this.closed.length > 1)
      waiting -= this.closed.shift()?.pcm.length ?? 0;
  }

  /** Starts the next recognition, unless one is running: that one calls this again. */
  private recognise(): void {
    if (this.recognising || this.failed || this.life.signal.aborted) return;
    const work = this.nextRun();
    if (!work) return;
    this.recognising = work
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.recognising = null;
        this.recognise();
      });
  }

  /** Closed segments come first: they finalise the most words. */
  private nextRun(): Promise<void> | null {
    const span = this.closed.shift();
    if (span) return this.runClosed(span);
    const open = this.segmenter.openSpan;
    if (!open || this.flushing) return null;
    const { startSample, speechEndSample } = open;
    const known =
      this.last?.startSample === startSample ? this.last.processedToSample : startSample;
    // nothing was said since: the pause decides whether the segment ends
    if (known >= speechEndSample + TAIL_SAMPLES) return null;
    const pace = (this.lastRunMs * SAMPLES_PER_MS) / LARGEST_SHARE;
    if (this.seenSample - known < Math.max(STEP_SAMPLES, pace)) return null;
    return this.runOpen(startSample, this.seenSample);
  }

  private async runOpen(startSample: number, processedToSample: number): Promise<void> {
    const pcm = this.window.view(startSample, processedToSample).slice();
    const words = await this.recogniseSegment(pcm, startSample);
    this.beginSegment(startSample);
    this.last = { startSample, processedToSample, words };
    this.report(this.agreement.update(words, processedToSample));
  }

  private async runClosed({ startSample, endSample, pcm }: ClosedSpan): Promise<void> {
    const { last } = this;
    // the last run included all of it and the silence after it
    const isKnown = last?.startSample === startSample && last.processedToSample >= endSample;
    // recognition transfers its buffer
    const own = this.events.onSegment ? pcm.slice() : null;
    const words = isKnown ? last.words : await this.recogniseSegment(pcm, startSample);
    this.beginSegment(startSample);
    this.last = null;
    const final = this.agreement.finish(
      words.filter((word) => (word.startSample + word.endSample) / 2 < endSample),
    );
    this.lastEnd = endSample;
    this.report({ final, partial: [] });
    const base = this.base ?? 0;
    if (own && !this.life.signal.aborted)
      this.events.onSegment?.({
        startSample: base + startSample,
        endSample: base + endSample,
        pcm: own,
      });
  }

  private async recogniseSegment(pcm: Float32Array, startSample: number): Promise<LiveWord[]> {
    const fromMs = performance.now();
    const words = await this.engine.recognise(pcm, this.life.signal);
    this.lastRunMs = performance.now() - fromMs;
    return words.map(({ text, startSample: from, endSample: to }) => ({
      text,
      startSample: startSample + from,
      endSample: startSample + to,
    }));
  }

  private beginSegment(startSample: number): void {
    if (this.segmentStart === startSample) return;
    this.segmentStart = startSample;
    this.agreement.begin(startSample);
    if (this.paragraphs.begins(startSample, this.lastEnd))
      this.events.onUpdate({ final: [], partial: [], endsParagraph: true });
  }

  private report({ final, partial }: { final: LiveWord[]; partial: LiveWord[] }): void {
    if (this.life.signal.aborted) return;
    const base = this.base ?? 0;
    const inRecording = (word: LiveWord) => ({
      ...word,
      startSample: base + word.startSample,
      endSample: base + word.endSample,
    });
    this.events.onUpdate({
      final: final.map(inRecording),
      partial: partial.map(inRecording),
      endsParagraph: false,
    });
  }

  private fail(error: unknown): void {
    if (this.failed || isAbort(error)) return;
    this.failed = true;
    this.closed = [];
    this.events.onError(error);
  }
}
