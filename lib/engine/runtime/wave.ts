import { AppError } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Chunks start behind `RIFF`, the length and `WAVE`; each has a name and a length before it. */
const FIRST_CHUNK = 12;
const CHUNK_HEADER = 8;

/**
 * PCM of a WAV file with 16-bit mono samples at 16 kHz: the form of a model's known clip. Media of
 * the user goes through the decoder.
 * @throws MODEL_HASH_MISMATCH for anything else
 */
export function parseWave(bytes: ArrayBuffer): Float32Array {
  const view = new DataView(bytes);
  let format: string | null = null;
  for (let at = FIRST_CHUNK; at + CHUNK_HEADER <= bytes.byteLength; ) {
    const name = new TextDecoder('latin1').decode(new Uint8Array(bytes, at, 4));
    const size = view.getUint32(at + 4, true);
    const body = at + CHUNK_HEADER;
    if (name === 'fmt ' && body + 16 <= bytes.byteLength)
      format = [
        view.getUint16(body, true),
        view.getUint16(body + 2, true),
        view.getUint32(body + 4, true),
        view.getUint16(body + 14, true),
      ].join('/');
    if (name === 'data' && format === `1/1/${SAMPLE_RATE_HZ}/16`) {
      const samples = Math.min(size, bytes.byteLength - body) >> 1;
      return Float32Array.from(
        { length: samples },
        (_, index) => view.getInt16(body + 2 * index, true) / 32_768,
      );
    }
    at = body + size + (size % 2);
  }
  throw new AppError('MODEL_HASH_MISMATCH', 'The clip is no 16-bit mono WAV at 16 kHz.', {
    details: { format },
  });
}
