/** What is known of a source once it is open. */
export interface MediaInfo {
  /** From the content, not from the name: `audio/mpeg`, `video/mp4`, … */
  mediaType: string;
  /** Short names for people: `MP3`, `MP4`, `Ogg`; `mp3`, `aac`, `opus`. */
  container: string;
  codec: string;
  /** What the container says; `null` when it says nothing. */
  durationMs: number | null;
  sampleRateHz: number;
  channels: number;
  hasVideo: boolean;
  decoder: 'webcodecs' | 'ffmpeg';
}

/** Mono PCM at 16 kHz; `startSample` counts from the start of the recording. */
export interface PcmChunk {
  startSample: number;
  pcm: Float32Array;
}

/** Something the user should know about how the source could be read. */
export interface DecodeNotice {
  kind: 'gap' | 'cut-off';
  /** Where in the recording, in milliseconds. */
  atMs: number;
  /** How much is missing, where that can be told. */
  lengthMs: number | null;
}
