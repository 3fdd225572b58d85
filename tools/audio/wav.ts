// Recordings for measurements and tests, as WAV files of 16-bit samples.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SAMPLE_RATE_HZ } from '../../lib/engine/audio/constants';
import { type WavFormat, wavHeader } from '../../lib/engine/audio/wav';

/** Written at once while a long file is made. */
const PIECE_BYTES = 16 * 2 ** 20;

/** A mono WAV of sound at 16 kHz. @param samples from -1 to 1 */
export function soundWav(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 2 * at);
  return Buffer.concat([wavHeader(bytes.length, { rateHz: SAMPLE_RATE_HZ, channels: 1 }), bytes]);
}

/** A mono WAV of silence at 16 kHz. */
export function silentWav(seconds: number): Buffer {
  return soundWav(new Float32Array(Math.round(seconds * SAMPLE_RATE_HZ)));
}

/**
 * Writes a WAV that repeats a sound for at least this many seconds.
 * @param source path of its samples alone, 16 bits each
 */
export function loopWav(source: string, format: WavFormat, target: string, seconds: number): void {
  const sound = readFileSync(source);
  const times = Math.ceil((seconds * format.rateHz * format.channels * 2) / sound.length);
  const pieceTimes = Math.max(1, Math.floor(PIECE_BYTES / sound.length));
  const piece = Buffer.concat(Array.from({ length: Math.min(times, pieceTimes) }, () => sound));
  const file = openSync(target, 'w');
  try {
    writeSync(file, wavHeader(sound.length * times, format));
    let left = sound.length * times;
    while (left > 0) left -= writeSync(file, piece, 0, Math.min(left, piece.length));
  } finally {
    closeSync(file);
  }
}
