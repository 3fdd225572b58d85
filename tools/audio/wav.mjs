// 16-bit PCM in WAV files, of any length.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const HEADER_BYTES = 44;

/** Written at once while a long file is made. */
const PIECE_BYTES = 16 * 2 ** 20;

function header(dataBytes, { sampleRateHz, channels }) {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * channels * 2, 28);
  bytes.writeUInt16LE(channels * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}

/** A mono WAV of silence at 16 kHz. @returns {Buffer} */
export function silentWav(seconds) {
  const dataBytes = Math.round(seconds * 16_000) * 2;
  return Buffer.concat([
    header(dataBytes, { sampleRateHz: 16_000, channels: 1 }),
    Buffer.alloc(dataBytes),
  ]);
}

/**
 * A mono WAV of sound at 16 kHz.
 * @param {Float32Array} samples from -1 to 1
 * @returns {Buffer}
 */
export function soundWav(samples) {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [at, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 2 * at);
  return Buffer.concat([header(bytes.length, { sampleRateHz: 16_000, channels: 1 }), bytes]);
}

/**
 * The format and samples of a 16-bit PCM WAV.
 * @param {Buffer} bytes
 * @returns {{sampleRateHz: number, channels: number, data: Buffer, seconds: number}}
 * @throws {Error} for any other file
 */
export function readWav(bytes) {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('Not a WAV file.');
  let format = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') {
      if (bytes.readUInt16LE(body + 14) !== 16) throw new Error('Not 16-bit PCM.');
      format = {
        channels: bytes.readUInt16LE(body + 2),
        sampleRateHz: bytes.readUInt32LE(body + 4),
      };
    }
    if (name === 'data' && format) {
      // a writer that could not go back leaves a length that is too long
      const end = Math.min(body + length, bytes.length);
      const frame = format.channels * 2;
      const data = bytes.subarray(body, end - ((end - body) % frame));
      return { ...format, data, seconds: data.length / (format.sampleRateHz * frame) };
    }
    at = body + length + (length % 2);
  }
  throw new Error('A WAV file without samples.');
}

/** Writes a WAV that repeats another one for at least so many seconds. */
export function loopWav(source, target, seconds) {
  const wav = readWav(readFileSync(source));
  const times = Math.ceil(seconds / wav.seconds);
  const pieceTimes = Math.max(1, Math.floor(PIECE_BYTES / wav.data.length));
  const piece = Buffer.concat(Array.from({ length: Math.min(times, pieceTimes) }, () => wav.data));
  const file = openSync(target, 'w');
  try {
    writeSync(file, header(wav.data.length * times, wav));
    let left = wav.data.length * times;
    while (left > 0) left -= writeSync(file, piece, 0, Math.min(left, piece.length));
  } finally {
    closeSync(file);
  }
}
