/** What is known of a source once it is open. */
export interface MediaInfo {
  /** From the content, not from the name: `audio/mpeg`, `video/mp4`, … */
  mediaType: string;
  /** Short names for people: `MP3`, `MP4`, `Ogg`; `mp3`, `aac`, `opus`. */
  container: string;
  codec: string;
  /**
   * What the container says; an estimate from the first frames for a bare mp3 or AAC stream without
   * a note of its length; `null` when unknown.
   */
  durationMs: number | null;
  sampleRateHz: number;
  channels: number;
  hasVideo: boolean;
  /** The audio tracks in the order of the file. */
  audioTracks: readonly AudioTrackInfo[];
  /** Index of the one that is decoded. */
  audioTrack: number;
  /** What decodes it now; a doubtful file can fall back from the first to the second. */
  decoder: 'webcodecs' | 'ffmpeg';
}

/** One of a file's audio tracks. */
export interface AudioTrackInfo {
  /** As the file has it. */
  name: string | null;
  /** As the file has it: mostly ISO 639-2, as `eng`. */
  language: string | null;
  /** Players take it where nobody chooses. */
  isDefault: boolean;
}

/** Which sound of a recording is meant: one of its audio tracks, from 0, or all of them mixed. */
export type TrackIndex = number | 'all';

/** Which of a recording's audio tracks the text is of. */
export interface AudioTrackChoice extends Pick<AudioTrackInfo, 'name' | 'language'> {
  /** Among the file's audio tracks, in the order of the file, from 0. */
  index: number;
  count: number;
}

/** Decoded audio, one plane for each channel, all of one length. */
export interface ChannelBlock {
  /** Of the first sample, in samples of this rate from the media's start. */
  position: number;
  rateHz: number;
  planes: readonly Float32Array[];
}

/** Mono PCM at 16 kHz; `startSample` counts from the start of the recording. */
export interface PcmSpan {
  startSample: number;
  pcm: Float32Array<ArrayBuffer>;
}

/**
 * A run of the waveform: `values[i]` is the loudest |sample| of peak `firstPeak + i`, 0 to 255 for
 * 0 to 1 (louder is 255). Peak k covers samples [k * hop, (k + 1) * hop), hop =
 * `SAMPLE_RATE_HZ / PEAKS_PER_SECOND`. A session that starts inside a hop gives that first peak
 * from its own samples alone: keep the larger value where one is stored already.
 */
export interface PeakPiece {
  firstPeak: number;
  values: Uint8Array<ArrayBuffer>;
}

/** What decoding gives: PCM, and the peaks that it completed (none, for a short chunk). */
export interface PcmChunk extends PcmSpan {
  peaks: PeakPiece;
}

/** Something the user should know about how the source could be read. */
export interface DecodeNotice {
  /**
   * `gap`: a damaged part that could not be read. `missing`: the source holds no sound there, by its
   * own times. `cut-off`: the rest could not be read. `clock`: the source states that it is longer than
   * all its sound, since its clock jumps. `track`: one of several tracks could not be read from there on.
   */
  kind: 'gap' | 'missing' | 'cut-off' | 'clock' | 'track';
  /** Where in the recording, in milliseconds. */
  atMs: number;
  /** How much is missing, where that is known. */
  lengthMs: number | null;
  /** This many gaps from there on, whose lengths are summed up (default: one). */
  count?: number;
  /** Which track it is, of those of the file, from 0. */
  track?: { index: number; name: string | null };
}
