// MPEG audio layer III frames, as much as is needed to repeat a file without decoding it.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SAMPLE_RATE_HZ } from '../../lib/engine/audio/constants';
import { type WavFormat, wavHeader } from '../../lib/engine/audio/wav';

// Recordings for measurements and tests, as WAV files of 16-bit samples.

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

const BITRATES_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** By the version as its two bits say it: 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5. */
const SAMPLE_RATES = [
  [11_025, 12_000, 8000],
  [],
  [22_050, 24_000, 16_000],
  [44_100, 48_000, 32_000],
];

interface Frame {
  /** Bytes with the header. */
  length: number;
  seconds: number;
}

/** The frame that begins here, or `null`. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  if (at + 4 > bytes.length) return null;
  const [sync, second, third] = [at, at + 1, at + 2].map((place) => bytes.readUInt8(place));
  if (sync === undefined || second === undefined || third === undefined) return null;
  if (sync !== 0xff || (second & 0xe0) !== 0xe0) return null;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const bitrate = (version === 3 ? BITRATES_V1 : BITRATES_V2)[third >> 4];
  const sampleRateHz = SAMPLE_RATES[version]?.[(third >> 2) & 3];
  if (layer !== 1 || !bitrate || !sampleRateHz) return null;
  const samples = version === 3 ? 1152 : 576;
  const padding = (third >> 1) & 1;
  const length = Math.floor(((samples / 8) * bitrate * 1000) / sampleRateHz) + padding;
  return { length, seconds: samples / sampleRateHz };
}

function afterId3(bytes: Buffer): number {
  if (bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (bytes[at] ?? 0), 0);
  return 10 + size;
}

/**
 * The sound of an mp3: its frames in a row, without tags and without the frame that only states the
 * length of the file (it would be wrong once frames are repeated).
 * @throws for a file without frames
 */
export function mp3Frames(bytes: Buffer): { frames: Buffer; seconds: number } {
  const parts: Buffer[] = [];
  let seconds = 0;
  let at = afterId3(bytes);
  for (;;) {
    const frame = frameAt(bytes, at);
    if (!frame || at + frame.length > bytes.length) break;
    const part = bytes.subarray(at, at + frame.length);
    const head = part.toString('latin1', 0, 64);
    if (!/Xing|Info|VBRI/.test(head)) {
      parts.push(part);
      seconds += frame.seconds;
    }
    at += frame.length;
  }
  if (parts.length === 0) throw new Error('No mp3 frames.');
  return { frames: Buffer.concat(parts), seconds };
}

/** An mp3 of at least so many seconds that repeats another one. */
export function loopMp3(bytes: Buffer, seconds: number): Buffer {
  const { frames, seconds: once } = mp3Frames(bytes);
  return Buffer.concat(Array.from({ length: Math.ceil(seconds / once) }, () => frames));
}
