/** One frame's header in a bare stream of MPEG audio (layer III) or AAC (ADTS). */
export interface FrameHeader {
  format: 'mp3' | 'adts';
  /** Whole frame, header included. */
  lengthBytes: number;
  rateHz: number;
  channels: number;
  /** Samples of each channel that one frame decodes to. */
  samples: number;
  /** MPEG version and layer, or AAC profile: equal in all frames of one stream. */
  variant: number;
}

/** ISO/IEC 11172-3 and 13818-3, in kbit/s, by the header's bitrate index. */
const MPEG1_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_KBPS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_RATES_HZ = [44_100, 48_000, 32_000];

/** ISO/IEC 14496-3. */
const AAC_RATES_HZ = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
];
const AAC_FRAME_SAMPLES = 1024;

/** Bytes that `readFrameHeader` looks at. */
export const FRAME_HEADER_BYTES = 7;

/** Reads the header at `at`; `null` when none is there. */
export function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  const b0 = bytes[at] ?? 0;
  const b1 = bytes[at + 1] ?? 0;
  const b2 = bytes[at + 2] ?? 0;
  const b3 = bytes[at + 3] ?? 0;
  if (b0 !== 0xff || (b1 & 0xe0) !== 0xe0) return null;
  const layer = (b1 >> 1) & 3;
  if (layer === 0) {
    if ((b1 & 0xf0) !== 0xf0) return null;
    return readAdts(b1, b2, b3, bytes[at + 4] ?? 0, bytes[at + 5] ?? 0, bytes[at + 6] ?? 0);
  }
  return layer === 1 ? readLayer3(b1, b2, b3) : null;
}

function readLayer3(b1: number, b2: number, b3: number): FrameHeader | null {
  const version = (b1 >> 3) & 3; // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
  const rateIndex = (b2 >> 2) & 3;
  const rate1Hz = MPEG1_RATES_HZ[rateIndex];
  const kbps = (version === 3 ? MPEG1_KBPS : MPEG2_KBPS)[b2 >> 4];
  if (version === 1 || rate1Hz === undefined || !kbps) return null;
  const rateHz = version === 3 ? rate1Hz : version === 2 ? rate1Hz / 2 : rate1Hz / 4;
  const samples = version === 3 ? 1152 : 576;
  const padding = (b2 >> 1) & 1;
  return {
    format: 'mp3',
    lengthBytes: Math.floor(((samples / 8) * kbps * 1000) / rateHz) + padding,
    rateHz,
    channels: b3 >> 6 === 3 ? 1 : 2,
    samples,
    variant: version,
  };
}

function readAdts(
  b1: number,
  b2: number,
  b3: number,
  b4: number,
  b5: number,
  b6: number,
): FrameHeader | null {
  const rateHz = AAC_RATES_HZ[(b2 >> 2) & 15];
  const configuration = ((b2 & 1) << 2) | (b3 >> 6);
  const lengthBytes = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  const headerBytes = b1 & 1 ? 7 : 9;
  // a configuration of 0 is described inside the frame: left to ffmpeg
  if (rateHz === undefined || configuration === 0 || lengthBytes <= headerBytes) return null;
  return {
    format: 'adts',
    lengthBytes,
    rateHz,
    channels: configuration === 7 ? 8 : configuration,
    samples: AAC_FRAME_SAMPLES * ((b6 & 3) + 1),
    variant: b2 >> 6,
  };
}

/** True for headers of one and the same stream. */
export function sameStream(a: FrameHeader, b: FrameHeader): boolean {
  return a.format === b.format && a.rateHz === b.rateHz && a.variant === b.variant;
}

/** The frame sizes and decoder delays that an encoder noted in the first frame of an mp3. */
export interface Mp3Info {
  /** Frames that follow this one; `null` when not noted. */
  frames: number | null;
  /** Samples to drop at the start and at the end; `null` when not noted. */
  trim: { start: number; end: number } | null;
}

/** A layer III decoder gives the sound this many samples late; the noted delay leaves it out. */
const LAYER3_DECODER_DELAY = 529;

/**
 * Reads the Xing, Info or VBRI note of a frame. Such a frame carries no sound.
 * Layout: the LAME project's description of the "mp3 Info tag", revision 1.
 * @param frame the whole frame
 * @returns `null` when it is an ordinary frame
 */
export function readMp3Info(frame: Uint8Array, header: FrameHeader): Mp3Info | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const ascii = (at: number, length: number) =>
    String.fromCharCode(...frame.subarray(at, at + length));
  if (ascii(36, 4) === 'VBRI' && frame.length >= 54)
    return { frames: view.getUint32(50), trim: null };
  const sideInfo =
    header.variant === 3 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
  const at = 4 + sideInfo;
  if (ascii(at, 4) !== 'Xing' && ascii(at, 4) !== 'Info') return null;
  if (frame.length < at + 12) return { frames: null, trim: null };
  const flags = view.getUint32(at + 4);
  const frames = flags & 1 ? view.getUint32(at + 8) : null;
  const lame =
    at +
    8 +
    (flags & 1 ? 4 : 0) +
    (flags & 2 ? 4 : 0) +
    (flags & 4 ? 100 : 0) +
    (flags & 8 ? 4 : 0);
  if (frame.length < lame + 24 || !/^(LAME|Lavc|Lavf)/.test(ascii(lame, 4)))
    return { frames, trim: null };
  const delays = view.getUint32(lame + 20) & 0xffffff; // byte 20 is the bitrate: three bytes remain
  const start = (delays >> 12) + LAYER3_DECODER_DELAY;
  return { frames, trim: { start, end: Math.max(0, (delays & 0xfff) - LAYER3_DECODER_DELAY) } };
}
