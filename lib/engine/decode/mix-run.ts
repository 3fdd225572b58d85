import {
  createPeaks,
  type DecodeNotice,
  isUnreadableTrack,
  type MediaInfo,
  mergeNotices,
  type PcmChunk,
  PEAKS_PER_SECOND,
  type PeakMaker,
  SAMPLE_RATE_HZ,
  SAMPLES_PER_MS,
} from '@/lib/engine/audio';

/** A source that is being decoded. */
export interface SoundSource {
  readonly info: MediaInfo;
  readonly notices: DecodeNotice[];
  /** The largest |sample| so far. */
  readonly loudest: number;
  /** The next chunk; `null` after the last. */
  read(signal: AbortSignal): Promise<PcmChunk | null>;
  close(): void;
}

/** Several tracks that sound at the same time, decoded side by side and added up. */
export class MixRun implements SoundSource {
  readonly #runs: readonly SoundSource[];
  readonly #peaks: PeakMaker;
  /** What each track has ahead of the mix; `null`: the track has ended. */
  readonly #ahead: (Float32Array<ArrayBuffer> | null)[];
  readonly #unreadable = new Set<number>();
  #reached: number;

  constructor(runs: readonly SoundSource[], startSample: number) {
    this.#runs = runs;
    this.#ahead = runs.map(() => new Float32Array(0));
    this.#reached = startSample;
    this.#peaks = createPeaks(startSample);
  }

  get info(): MediaInfo {
    const infos = this.#runs.map(({ info }) => info);
    const lengths = infos.map(({ durationMs }) => durationMs);
    const [first] = infos;
    if (!first) throw new Error('A mix has tracks.');
    return {
      ...first,
      durationMs: lengths.includes(null) ? null : Math.max(...lengths.map((ms) => ms ?? 0)),
    };
  }

  get notices(): DecodeNotice[] {
    return mergeNotices(...this.#runs.map(({ notices }) => notices));
  }

  get loudest(): number {
    return Math.max(...this.#runs.map(({ loudest }) => loudest));
  }

  async read(signal: AbortSignal): Promise<PcmChunk | null> {
    for (const at of this.#runs.keys())
      if (this.#ahead[at]?.length === 0) this.#ahead[at] = await this.#next(at, signal);
    const parts = this.#ahead.filter((pcm) => pcm !== null);
    if (parts.length === 0) return null;
    const pcm = new Float32Array(Math.min(...parts.map(({ length }) => length)));
    for (const part of parts)
      for (let at = 0; at < pcm.length; at += 1) pcm[at] = (pcm[at] ?? 0) + (part[at] ?? 0);
    for (let at = 0; at < pcm.length; at += 1) pcm[at] = Math.max(-1, Math.min(1, pcm[at] ?? 0));
    this.#ahead.forEach((part, at) => {
      if (part) this.#ahead[at] = part.slice(pcm.length);
    });
    const startSample = this.#reached;
    this.#reached += pcm.length;
    const peaks = this.#peaks.push(pcm);
    return { startSample, pcm, peaks };
  }

  /** What follows in a track; one that cannot be read any more has ended, unless it is the last. */
  async #next(at: number, signal: AbortSignal): Promise<Float32Array<ArrayBuffer> | null> {
    try {
      return (await this.#runs[at]?.read(signal))?.pcm ?? null;
    } catch (error) {
      this.#unreadable.add(at);
      if (!isUnreadableTrack(error) || this.#unreadable.size === this.#runs.length) throw error;
      return null;
    }
  }

  close(): void {
    for (const run of this.#runs) run.close();
  }
}

const PEAK_HOP_SAMPLES = SAMPLE_RATE_HZ / PEAKS_PER_SECOND;
/** Silence before a track is made in pieces of this length. */
const SILENCE_SAMPLES = 4 * SAMPLE_RATE_HZ;

/** A start in ms, in samples: a whole number of peaks, so that those of the file are those of the recording. */
export function shiftOf(startMs: number): number {
  return Math.round((startMs * SAMPLES_PER_MS) / PEAK_HOP_SAMPLES) * PEAK_HOP_SAMPLES;
}

/** A file that begins later than the recording it is a track of: silent until then. */
export class ShiftedRun implements SoundSource {
  readonly #run: SoundSource;
  readonly #shift: number;
  readonly #info: Pick<MediaInfo, 'mediaType' | 'container' | 'audioTracks' | 'audioTrack'>;
  #next: number;

  /**
   * @param run begins at `startSample - shift`, or at the file's start
   * @param info what is said of the recording as a whole
   */
  constructor(
    run: SoundSource,
    { startSample, shift }: { startSample: number; shift: number },
    info: Pick<MediaInfo, 'mediaType' | 'container' | 'audioTracks' | 'audioTrack'>,
  ) {
    this.#run = run;
    this.#shift = shift;
    this.#next = startSample;
    this.#info = info;
  }

  get info(): MediaInfo {
    const { durationMs, ...info } = this.#run.info;
    return {
      ...info,
      ...this.#info,
      durationMs: durationMs === null ? null : durationMs + this.#shift / SAMPLES_PER_MS,
      // a recording of several files has no picture
      hasVideo: false,
    };
  }

  get notices(): DecodeNotice[] {
    const shiftMs = this.#shift / SAMPLES_PER_MS;
    return this.#run.notices.map((one) => ({ ...one, atMs: one.atMs + shiftMs }));
  }

  get loudest(): number {
    return this.#run.loudest;
  }

  async read(signal: AbortSignal): Promise<PcmChunk | null> {
    const silent = Math.min(SILENCE_SAMPLES, this.#shift - this.#next);
    if (silent > 0) {
      const startSample = this.#next;
      this.#next += silent;
      const firstPeak = Math.ceil(startSample / PEAK_HOP_SAMPLES);
      const values = new Uint8Array(Math.floor(this.#next / PEAK_HOP_SAMPLES) - firstPeak);
      return { startSample, pcm: new Float32Array(silent), peaks: { firstPeak, values } };
    }
    const chunk = await this.#run.read(signal);
    if (!chunk) return null;
    const { startSample, pcm, peaks } = chunk;
    const firstPeak = peaks.firstPeak + this.#shift / PEAK_HOP_SAMPLES;
    return { startSample: startSample + this.#shift, pcm, peaks: { ...peaks, firstPeak } };
  }

  close(): void {
    this.#run.close();
  }
}
