import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Libflac from 'libflacjs/dist';

/** A FLAC file for tests. */
export interface TestFlac {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
  samples: number;
}

export interface FlacOptions {
  samples?: number;
  sampleRateHz?: number;
  channels?: number;
  bitsPerSample?: number;
  /** Other files for other seeds. */
  seed?: number;
  /** Noise hardly compresses. */
  isNoise?: boolean;
}

const flac: typeof Libflac = createRequire(import.meta.url)('libflacjs/dist/libflac.js');
if (!flac.isReady()) await new Promise<unknown>((resolve) => flac.on('ready', resolve));

/** What bytes are announced as. */
export function announced(bytes: Uint8Array<ArrayBuffer>, samples: number): TestFlac {
  return { bytes, samples, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Encodes a tone or noise. */
export function makeFlac(options: FlacOptions = {}): TestFlac {
  const { samples = 24_000, sampleRateHz = 16_000, channels = 1, bitsPerSample = 16 } = options;
  const { seed = 1, isNoise = false } = options;
  const pieces: Uint8Array[] = [];
  let md5 = '';
  const encoder = flac.create_libflac_encoder(sampleRateHz, channels, bitsPerSample, 5, samples);
  flac.init_encoder_stream(
    encoder,
    (piece) => {
      pieces.push(piece.slice());
    },
    (facts) => {
      md5 = facts?.md5sum ?? '';
    },
  );
  const half = 2 ** (bitsPerSample - 1) - 1;
  let state = seed;
  const pcm = Int32Array.from({ length: samples * channels }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const value = isNoise ? state / 2 ** 31 : Math.sin((at * (300 + seed)) / sampleRateHz) / 2;
    return Math.round(value * half);
  });
  flac.FLAC__stream_encoder_process_interleaved(encoder, pcm, samples);
  flac.FLAC__stream_encoder_finish(encoder);
  flac.FLAC__stream_encoder_delete(encoder);
  const bytes = new Uint8Array(Buffer.concat(pieces));
  // the checksum is known at the end, and belongs into the header
  bytes.set(Buffer.from(md5, 'hex'), 26);
  return announced(bytes, samples);
}
