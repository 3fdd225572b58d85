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
 * So much lies ready before the decoder is asked for a frame, or the file is at its end. Its reads
 * cannot wait: a frame of our clips is 131 kB at most.
 */
const READY_BYTES = 256 * 1024;

/** States of libFLAC from which nothing more comes; the first of them is the end of the file. */
const END_OF_STREAM = 4;

/** Its build for engines without WebAssembly: the other one fetches its file, which Node cannot. */
const libflac = memoizePromise(async () => {
  const { default: flac } = await import('libflacjs/dist/libflac.js');
  if (!flac.isReady()) await new Promise<unknown>((resolve) => flac.on('ready', resolve));
  return flac;
});

/** Bytes that have come and were not asked for yet. */
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
 * Decodes a FLAC file to its end as it comes, and counts. A few hundred kilobytes of it are in memory.
 * @returns `null` when it is not FLAC, is damaged, has ended too early, or its checksum is another
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
        // more was wanted than a frame can be: this is not a clip
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
      // read to its end in any case: the source may count on that
      if (!isSound) continue;
      waiting.add(piece);
      decodeReady();
    }
    hasEnded = true;
    decodeReady();
    // compares the checksum of all samples with the file's own
    const isWhole = flac.FLAC__stream_decoder_finish(decoder);
    return isSound && isWhole && waiting.sizeBytes === 0 ? facts : null;
  } finally {
    flac.FLAC__stream_decoder_delete(decoder);
  }
}
