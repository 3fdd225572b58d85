import 'server-only';
import { memoizePromise } from '@/lib/core';

/** What a FLAC file decoded to. */
export interface DecodedFlac {
  sampleRateHz: number;
  channels: number;
  bitsPerSample: number;
  samples: number;
}

/**
 * The decoder is asked for a frame only once this much is buffered, or the file has ended, since its reads
 * cannot wait. A frame of our clips has 131 kB at most.
 */
const READY_BYTES = 256 * 1024;

/** States of libFLAC from here on yield no more frames; this first one is the end of the file. */
const END_OF_STREAM = 4;

/** The build without WebAssembly: the other one loads its file with `fetch`, which fails in Node. */
const libflac = memoizePromise(async () => {
  const { default: flac } = await import('libflacjs/dist/libflac.js');
  if (!flac.isReady()) await new Promise<unknown>((resolve) => flac.on('ready', resolve));
  return flac;
});

/** Bytes received that the decoder has not read yet. */
class Waiting {
  readonly #pieces: Uint8Array[] = [];
  sizeBytes = 0;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.sizeBytes += piece.length;
  }

  take(maxBytes: number): Uint8Array<ArrayBuffer> {
    // no file lies in shared memory
    const first = (this.#pieces[0] ?? new Uint8Array()) as Uint8Array<ArrayBuffer>;
    const taken = first.subarray(0, maxBytes);
    if (taken.length < first.length) this.#pieces[0] = first.subarray(maxBytes);
    else this.#pieces.shift();
    this.sizeBytes -= taken.length;
    return taken;
  }
}

/**
 * Decodes a FLAC stream to its end and counts its samples. Holds a few hundred kilobytes in memory.
 * @returns `null` when it is not FLAC, is damaged or cut off, or its checksum does not match
 * @throws what the source throws
 */
export async function decodeFlac(source: AsyncIterable<Uint8Array>): Promise<DecodedFlac | null> {
  const flac = await libflac();
  const waiting = new Waiting();
  let hasEnded = false;
  let isSound = true;
  let facts: DecodedFlac | null = null;
  const decoder = flac.create_libflac_decoder(true);
  try {
    const status = flac.init_decoder_stream(
      decoder,
      (maxBytes) => {
        const buffer = waiting.take(maxBytes);
        // it wants more than the largest frame: this is not a clip
        const error = buffer.length === 0 && !hasEnded;
        return { buffer, readDataLength: buffer.length, error };
      },
      (_, { blocksize, sampleRate, channels, bitsPerSample }) => {
        facts ??= { sampleRateHz: sampleRate, channels, bitsPerSample, samples: 0 };
        if (
          facts.sampleRateHz !== sampleRate ||
          facts.channels !== channels ||
          facts.bitsPerSample !== bitsPerSample
        )
          isSound = false;
        facts.samples += blocksize;
      },
      () => {
        isSound = false;
      },
      undefined,
      false,
    );
    if (status !== 0) return null;
    const decodeReady = () => {
      while (isSound && (hasEnded || waiting.sizeBytes >= READY_BYTES)) {
        const isDone = !flac.FLAC__stream_decoder_process_single(decoder);
        const state = flac.FLAC__stream_decoder_get_state(decoder);
        if (state > END_OF_STREAM) isSound = false;
        if (isDone || state >= END_OF_STREAM) return;
      }
    };
    for await (const piece of source) {
      // always read to the end: the source may rely on that
      if (!isSound) continue;
      waiting.add(piece);
      decodeReady();
    }
    hasEnded = true;
    decodeReady();
    // compares the checksum of all samples with the one in the file
    const isWhole = flac.FLAC__stream_decoder_finish(decoder);
    return isSound && isWhole && waiting.sizeBytes === 0 ? facts : null;
  } finally {
    flac.FLAC__stream_decoder_delete(decoder);
  }
}
