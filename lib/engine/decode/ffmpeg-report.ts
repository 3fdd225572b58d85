import { AppError } from '@/lib/core';
import type { AudioTrackInfo, DecodeNotice } from '@/lib/engine/audio';

/** What ffmpeg's log says about the source. */
export interface FfmpegFacts {
  /** ffmpeg's own names, as `mp3` and `matroska,webm`. */
  format: string | null;
  codec: string | null;
  durationSeconds: number | null;
  sampleRateHz: number;
  channels: number;
  hasVideo: boolean;
  /** In the order of the file. */
  audioTracks: AudioTrackInfo[];
}

const LAYOUT_CHANNELS: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  '2.1': 3,
  '3.0': 3,
  quad: 4,
  '4.0': 4,
  '5.0': 5,
  '5.1': 6,
  '6.1': 7,
  '7.1': 8,
};

/** Damage closer together than this are one gap. */
const SAME_GAP_MS = 1000;
/** Lines kept for the message of a failure. */
const KEPT_ERRORS = 5;

/** Reads ffmpeg's log line by line (with `-loglevel level+info`). */
export class FfmpegReport {
  readonly facts: FfmpegFacts = {
    format: null,
    codec: null,
    durationSeconds: null,
    sampleRateHz: 0,
    channels: 0,
    hasVideo: false,
    audioTracks: [],
  };
  readonly notices: DecodeNotice[] = [];
  readonly #errors: string[] = [];
  #isInputRead = false;
  /** The stream that the lines of metadata belong to. */
  #described: AudioTrackInfo | null = null;

  /** @param track index of the audio track that codec, rate and channels are reported for */
  constructor(private readonly track = 0) {}

  /** @param atMs how far the output had come when the line was written */
  add(line: string, atMs: number): void {
    if (/\[(error|fatal|panic)\]/.test(line)) {
      this.#errors.push(line);
      if (this.#errors.length > KEPT_ERRORS) this.#errors.shift();
      if (/Error while decoding stream/.test(line)) this.#noteGap(atMs);
    }
    if (/Stream mapping:|Output #0/.test(line)) this.#isInputRead = true;
    if (!this.#isInputRead) this.#readInput(line);
  }

  /** The error for a run that gave no sound. */
  failure(): AppError {
    const errors = this.#errors.join(' | ');
    const details = { ffmpeg: errors.slice(0, 500) };
    if (/moov atom not found/.test(errors))
      return new AppError('DECODE_INCOMPLETE', `The index of the media is missing: ${errors}`, {
        details,
      });
    if (/matches no streams/.test(errors))
      return this.facts.hasVideo
        ? new AppError('DECODE_NO_AUDIO', 'The video holds no audio.', { details })
        : new AppError('DECODE_EMPTY', 'The media holds neither sound nor pictures.', { details });
    if (this.facts.format === null || /decoder found|Decoder .*not found/i.test(errors))
      return new AppError('DECODE_UNSUPPORTED', `ffmpeg cannot read the source: ${errors}`, {
        details,
      });
    return new AppError('DECODE_FAILED', `ffmpeg gave no sound: ${errors}`, { details });
  }

  #noteGap(atMs: number): void {
    const last = this.notices.at(-1);
    if (last && atMs - last.atMs - (last.lengthMs ?? 0) < SAME_GAP_MS) return;
    this.notices.push({ kind: 'gap', atMs: Math.round(atMs), lengthMs: null });
  }

  #readInput(line: string): void {
    const { facts } = this;
    const format = /Input #0, (\S+), from/.exec(line)?.[1];
    if (format) facts.format = format;
    const clock = /Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/.exec(line);
    if (clock)
      facts.durationSeconds = Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
    if (/Stream #0:.*: Video: /.test(line) && !line.includes('attached pic')) facts.hasVideo = true;
    if (line.includes('Stream #0:')) this.#described = null;
    const title = /\] +(title|handler_name) *: (.*\S)/.exec(line);
    if (title && this.#described) this.#described.name ??= knownName(title[2] ?? null);
    const audio = AUDIO_STREAM.exec(line);
    if (!audio) return;
    const [, language = 'und', codec = null, rateHz, layout = ''] = audio;
    this.#described = {
      name: null,
      language: knownLanguage(language),
      isDefault: line.includes('(default)'),
    };
    facts.audioTracks.push(this.#described);
    if (facts.audioTracks.length - 1 !== this.track) return;
    facts.codec = codec;
    facts.sampleRateHz = Number(rateHz);
    facts.channels =
      Number(/^(\d+) channels/.exec(layout)?.[1] ?? 0) ||
      (LAYOUT_CHANNELS[layout.trim().replace(/\(.*$/, '')] ?? 0);
  }
}

/** A stream's number and id, its language, codec, rate and layout. */
const AUDIO_STREAM =
  /Stream #0:\d+(?:\[0x[0-9a-f]+\])?(?:\((\w+)\))?: Audio: (\w+).*?, (\d+) Hz, ([^,]+)/;

/** `null` for what writers of MP4 put where a name belongs. */
export function knownName(name: string | null): string | null {
  const isMadeUp = /^(sound|audio|mono|stereo|.*handler.*|core media.*|)$/i.test(
    name?.trim() ?? '',
  );
  return isMadeUp ? null : name;
}

/** `null` for the codes that stand for no language. */
export function knownLanguage(code: string): string | null {
  return code === '' || code === 'und' || code === 'mis' ? null : code;
}
