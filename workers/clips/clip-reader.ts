import type { ClipSource } from '@/lib/client/dataset/clip-cutter';
import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio';
import { type DecodeAssets, type OpenRun, openRun } from '@/lib/engine/decode';

/** Up to here decoding on is quicker than beginning again further on, in samples. */
const READ_ON_SAMPLES = 60 * SAMPLE_RATE_HZ;

/** Reads spans of one recording, and keeps the decoder open between them. */
export class ClipReader {
  #run: OpenRun | null = null;
  /** What was decoded last and begins at `#at`; later spans may begin in it. */
  #rest: Float32Array<ArrayBufferLike> = new Float32Array(0);
  #at = 0;

  constructor(private readonly source: ClipSource & { assets: DecodeAssets }) {}

  /** @returns the PCM of a span; shorter where the recording ends before it does */
  async read(
    { startMs, endMs }: { startMs: number; endMs: number },
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const [start, end] = [startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS];
    const pcm = new Float32Array(end - start);
    try {
      const run = await this.#runAt(start, signal);
      let filled = 0;
      while (this.#at < end) {
        const from = Math.max(start - this.#at, 0);
        if (from < this.#rest.length) {
          const part = this.#rest.subarray(from, end - this.#at);
          pcm.set(part, this.#at + from - start);
          filled = this.#at + from - start + part.length;
        }
        // the next span may begin in what is left of this
        if (this.#at + this.#rest.length >= end) break;
        const chunk = await run.read(signal);
        if (!chunk) break;
        this.#at = chunk.startSample;
        this.#rest = chunk.pcm;
      }
      // whole milliseconds, also where the recording ends between two
      return pcm.slice(0, filled - (filled % SAMPLES_PER_MS));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#run?.close();
    this.#run = null;
    this.#rest = new Float32Array(0);
  }

  async #runAt(start: number, signal: AbortSignal): Promise<OpenRun> {
    const isNear = start >= this.#at && start - this.#at <= READ_ON_SAMPLES;
    if (this.#run && isNear) return this.#run;
    this.close();
    const { media, track, decoder, assets } = this.source;
    this.#run = await openRun(
      {
        source: media,
        startSample: start,
        track,
        assets,
        choices: { decoder: decoder === 'ffmpeg' ? 'ffmpeg' : 'auto', ffmpegFlow: 'auto' },
      },
      signal,
    );
    this.#at = start;
    return this.#run;
  }
}
