import { registerFlacEncoder } from '@mediabunny/flac-encoder';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AudioSample, AudioSampleSource, BufferTarget, FlacOutputFormat, Output } from 'mediabunny';
import type { ClipSource } from '@/lib/client/dataset/plan-clips';
import { AppError, once, toAppError } from '@/lib/core';
import { SAMPLE_RATE_HZ, SAMPLES_PER_MS } from '@/lib/engine/audio';
import { type DecodeAssets, type OpenRun, openRun } from '@/lib/engine/decode';
import { serve, Transferred } from '@/lib/engine/rpc';
import type { ClipMethods } from './protocol';

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

/** Ours in every browser, never the browser's own: the same sound has to give the same bytes. */
const registerOwnEncoder = once(registerFlacEncoder);

/** Encodes 16 kHz PCM as mono FLAC of 16 bits. The same PCM gives the same bytes. */
export async function encodeFlac(pcm: Float32Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  registerOwnEncoder();
  const target = new BufferTarget();
  const output = new Output({ format: new FlacOutputFormat(), target });
  const source = new AudioSampleSource({ codec: 'flac' });
  output.addAudioTrack(source);
  await output.start();
  const sample = new AudioSample({
    data: Int16Array.from(pcm, toInt16),
    format: 's16',
    numberOfChannels: 1,
    sampleRate: SAMPLE_RATE_HZ,
    timestamp: 0,
  });
  try {
    await source.add(sample);
    source.close();
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  } finally {
    sample.close();
  }
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

/** A sample of a 16-bit source comes out as it went in. */
const toInt16 = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));

const readers = new Map<number, ClipReader>();
let nextSession = 1;

serve<ClipMethods>(self, {
  async open(source) {
    const session = nextSession++;
    readers.set(session, new ClipReader(source));
    return { session };
  },

  async cut({ session, startMs, endMs }, { signal }) {
    const reader = readers.get(session);
    // opened in a worker that has crashed since
    if (!reader)
      throw new AppError('WORKER_CRASHED', `Clip session ${session} is gone.`, { fatal: true });
    try {
      const pcm = await reader.read({ startMs, endMs }, signal);
      const bytes = await encodeFlac(pcm);
      const clip = { bytes, sha256: bytesToHex(sha256(bytes)), samples: pcm.length };
      return new Transferred(clip, [bytes.buffer]);
    } catch (error) {
      throw toAppError(error, 'DECODE_FAILED');
    }
  },

  async close({ session }) {
    readers.get(session)?.close();
    readers.delete(session);
    return null;
  },
});
