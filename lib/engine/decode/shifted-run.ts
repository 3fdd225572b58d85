import {
  type DecodeNotice,
  type MediaInfo,
  type PcmChunk,
  PEAKS_PER_SECOND,
  SAMPLE_RATE_HZ,
  SAMPLES_PER_MS,
} from '@/lib/engine/audio';
import type { SoundSource } from './mix-run';

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
