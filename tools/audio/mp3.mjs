// MPEG audio layer III frames, as much as is needed to repeat a file without decoding it.

const BITRATES_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES = {
  3: [44_100, 48_000, 32_000],
  2: [22_050, 24_000, 16_000],
  0: [11_025, 12_000, 8000],
};

/** The frame that begins here, or null. Version 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5. */
function frameAt(bytes, at) {
  if (at + 4 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1] & 0xe0) !== 0xe0) return null;
  const version = (bytes[at + 1] >> 3) & 3;
  const layer = (bytes[at + 1] >> 1) & 3;
  const bitrate = (version === 3 ? BITRATES_V1 : BITRATES_V2)[bytes[at + 2] >> 4];
  const sampleRateHz = SAMPLE_RATES[version]?.[(bytes[at + 2] >> 2) & 3];
  if (layer !== 1 || !bitrate || !sampleRateHz) return null;
  const samples = version === 3 ? 1152 : 576;
  const padding = (bytes[at + 2] >> 1) & 1;
  const length = Math.floor(((samples / 8) * bitrate * 1000) / sampleRateHz) + padding;
  return { length, seconds: samples / sampleRateHz };
}

function afterId3(bytes) {
  if (bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (bytes[at] ?? 0), 0);
  return 10 + size;
}

/**
 * The sound of an mp3: its frames in a row, without tags and without the frame that only tells the
 * length of the file (it would be wrong once frames are repeated).
 * @param {Buffer} bytes
 * @returns {{frames: Buffer, seconds: number}}
 */
export function mp3Frames(bytes) {
  const parts = [];
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

/** An mp3 of at least so many seconds that repeats another one. @returns {Buffer} */
export function loopMp3(bytes, seconds) {
  const { frames, seconds: once } = mp3Frames(bytes);
  return Buffer.concat(Array.from({ length: Math.ceil(seconds / once) }, () => frames));
}
