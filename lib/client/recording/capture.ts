import type { CaptureChoice } from '@/lib/client/store';
import { LoudestInput, type OpenInput, openInputs } from './inputs';
import type { Capture, CaptureEvents, CaptureInput, InputLevels, OpenCapture } from './ports';

/** Offsets are evaluated in spans of this length, in ms. */
const WINDOW_MS = 5_000;

/** A step of the audio clock of at least this length is lost audio, in ms. */
const GAP_MS = 30;

/** Spans before a drift is reported: two minutes. Earlier values show only how late messages arrive. */
const MIN_WINDOWS = 24;

/**
 * Compares the audio clock with the computer's. Messages from the audio thread may be late but never
 * early, so the smallest delay in each span counts. A step between two spans is a gap; the rest is drift,
 * the slope of a straight line through the spans (least squares).
 */
export class ClockWatch {
  private windowEndMs: number | null = null;
  private least = Number.POSITIVE_INFINITY;
  private leastAtMs = 0;
  private previous: number | null = null;
  private lostMs = 0;
  private gapCount = 0;
  // sums over windows: count, x, y, xx, xy; x in ms of the computer's clock, y the delay
  private sums = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };

  /** @param audioMs position of the audio clock @param wallMs when it was reported */
  note(audioMs: number, wallMs: number): void {
    const delayMs = wallMs - audioMs;
    this.windowEndMs ??= wallMs + WINDOW_MS;
    if (wallMs >= this.windowEndMs) {
      this.closeWindow();
      this.windowEndMs = wallMs + WINDOW_MS;
      this.least = Number.POSITIVE_INFINITY;
    }
    if (delayMs < this.least) {
      this.least = delayMs;
      this.leastAtMs = wallMs;
    }
  }

  /** Lost audio in ms. */
  get droppedMs(): number {
    return Math.round(this.lostMs);
  }

  get gaps(): number {
    return this.gapCount;
  }

  /** How much faster the audio clock runs, in parts per million; `null`: not enough data. */
  get driftPpm(): number | null {
    const { n, x, y, xx, xy } = this.sums;
    const spread = n * xx - x * x;
    if (n < MIN_WINDOWS || spread === 0) return null;
    return Math.round(-((n * xy - x * y) / spread) * 1e6);
  }

  private closeWindow(): void {
    if (!Number.isFinite(this.least)) return;
    if (this.previous !== null && this.least - this.previous >= GAP_MS) {
      this.lostMs += this.least - this.previous;
      this.gapCount += 1;
    }
    this.previous = this.least;
    const x = this.leastAtMs;
    const y = this.least - this.lostMs;
    const { sums } = this;
    this.sums = {
      n: sums.n + 1,
      x: sums.x + x,
      y: sums.y + y,
      xx: sums.xx + x * x,
      xy: sums.xy + x * y,
    };
  }
}

/** A tenth of a second of audio from the worklet. */
export interface CapturedPiece {
  /** Mono, 16 kHz. */
  pcm: Float32Array<ArrayBuffer>;
  /** From the start, excluding pauses. */
  startSample: number;
  /** The loudest sample, 0 to 1. */
  level: number;
  /** Time of the audio clock, including pauses. */
  contextMs: number;
}

/** The worklet's node in an audio context; it starts paused. */
export interface CaptureNode {
  node: AudioNode;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Adds the worklet to an audio context. */
export type AddCaptureNode = (
  context: AudioContext,
  onPiece: (piece: CapturedPiece) => void,
) => Promise<CaptureNode>;

/**
 * Returns a function that opens captures. Inputs meet in one audio context, which feeds streams for the
 * recorders and, with their mix, the worklet, so that inputs can be replaced without any of them noticing.
 */
export function captureWith(addNode: AddCaptureNode): OpenCapture {
  return async (choice, events) => {
    const inputs = await openInputs(choice);
    let context: AudioContext | null = null;
    try {
      // at its default rate: some browsers cannot mix inputs of another rate; larger buffers save power
      context = new AudioContext({ latencyHint: 'playback' });
      const capture = new MixedCapture(context, events, inputs.length);
      await capture.begin(addNode);
      capture.use(inputs);
      return capture;
    } catch (error) {
      for (const { track } of inputs) track.stop();
      await context?.close();
      throw error;
    }
  };
}

/** Which track an input is recorded in, where each has one. */
const TRACKS = { microphone: 0, display: 1 } as const;

/** An input in the graph. */
interface Connected extends OpenInput {
  source: MediaStreamAudioSourceNode;
  /** Measures its loudness, where it is one of several. */
  meter: AnalyserNode;
  /** Ends its listeners. */
  scope: AbortController;
}

/** Samples that are measured of each tenth of a second: most of it at 48 kHz. */
const METER_SAMPLES = 4096;

class MixedCapture implements Capture {
  private readonly mix: GainNode;
  /** One for both inputs, or one for each: see `Capture.streams`. */
  private readonly destinations: readonly MediaStreamAudioDestinationNode[];
  private readonly clock = new ClockWatch();
  private node: CaptureNode | null = null;
  private connected: Connected[] = [];
  private labels = new Set<string>();
  private loudest = new LoudestInput();
  private readonly measured = new Float32Array(METER_SAMPLES);

  constructor(
    private readonly context: AudioContext,
    private readonly events: CaptureEvents,
    tracks: number,
  ) {
    this.mix = context.createGain();
    this.destinations = Array.from(
      { length: tracks },
      () => new MediaStreamAudioDestinationNode(context, { channelCount: 1 }),
    );
  }

  get streams(): readonly MediaStream[] {
    return this.destinations.map(({ stream }) => stream);
  }

  async begin(addNode: AddCaptureNode): Promise<void> {
    this.node = await addNode(this.context, ({ pcm, startSample, level, contextMs }) => {
      this.clock.note(contextMs, performance.now());
      const { levels, loudness } = this.measure();
      this.events.onPcm({ startSample, pcm }, level, levels);
      const input = this.loudest.update(loudness);
      if (input) this.events.onLoudest?.(input, startSample);
    });
    this.mix.connect(this.node.node);
    await this.context.resume();
  }

  /** Replaces the inputs of the mix. */
  use(inputs: readonly OpenInput[]): void {
    const old = this.connected;
    this.connected = inputs.map((one) => this.connect(one));
    this.loudest = new LoudestInput();
    for (const one of old) this.disconnect(one);
  }

  pause(): void {
    this.node?.pause();
  }

  resume(): void {
    // the browser may have suspended it (a call on a phone)
    void this.context.resume();
    this.node?.resume();
  }

  async replace(choice: CaptureChoice): Promise<void> {
    this.use(await openInputs(choice));
  }

  stats() {
    const { driftPpm, droppedMs, gaps } = this.clock;
    const { sampleRate: sampleRateHz } = this.context;
    return { inputs: [...this.labels], sampleRateHz, driftPpm, droppedMs, gaps };
  }

  async close(): Promise<void> {
    for (const one of this.connected) this.disconnect(one);
    this.connected = [];
    this.node?.close();
    for (const stream of this.streams) for (const track of stream.getTracks()) track.stop();
    if (this.context.state !== 'closed') await this.context.close();
  }

  private connect({ input, track }: OpenInput): Connected {
    const source = this.context.createMediaStreamSource(new MediaStream([track]));
    source.connect(this.mix);
    const meter = new AnalyserNode(this.context, { fftSize: METER_SAMPLES });
    source.connect(meter);
    const destination = this.destinations[TRACKS[input]] ?? this.destinations[0];
    if (destination) source.connect(destination);
    const scope = new AbortController();
    const { signal } = scope;
    track.addEventListener('ended', () => this.events.onEnded(input), { signal });
    track.addEventListener('mute', () => this.events.onMuted(input, true), { signal });
    track.addEventListener('unmute', () => this.events.onMuted(input, false), { signal });
    this.labels.add(track.label || (input === 'microphone' ? 'Microphone' : 'Shared sound'));
    if (track.muted) this.events.onMuted(input, true);
    return { input, track, source, meter, scope };
  }

  /** Loudest sample and root mean square of each of several inputs; nothing of one alone. */
  private measure(): { levels: InputLevels; loudness: Map<CaptureInput, number> } {
    const levels: Partial<Record<CaptureInput, number>> = {};
    const loudness = new Map<CaptureInput, number>();
    if (this.connected.length > 1)
      for (const { input, meter } of this.connected) {
        meter.getFloatTimeDomainData(this.measured);
        let peak = 0;
        let energy = 0;
        for (const sample of this.measured) {
          peak = Math.max(peak, Math.abs(sample));
          energy += sample * sample;
        }
        levels[input] = peak;
        loudness.set(input, Math.sqrt(energy / METER_SAMPLES));
      }
    return { levels, loudness };
  }

  private disconnect({ track, source, scope }: Connected): void {
    scope.abort();
    source.disconnect();
    track.stop();
  }
}
