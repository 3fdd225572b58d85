/** Where sound is taken from. `display`: a tab, a window or the whole computer; `both`: mixed. */
export type CaptureSource = 'microphone' | 'display' | 'both';

/** What is to be recorded, as the user chose it. Remembered in the settings. */
export interface CaptureChoice {
  source: CaptureSource;
  /** The browser's id of the microphone; `null`: its default. One that is gone is as `null`. */
  deviceId: string | null;
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

/** A moment that the user marked while recording. */
export interface Mark {
  id: string;
  /** From the start of the recording, pauses left out. */
  atMs: number;
}

/** How well the sound came in. Stored with the transcript. */
export interface CaptureReport {
  /** What the inputs are called. */
  inputs: string[];
  /** Rate of the audio clock that was recorded by, in Hz. */
  sampleRateHz: number;
  /** How much faster the audio clock runs than the computer's, in parts per million; `null`: too short to tell. */
  driftPpm: number | null;
  /** Sound that never came, in ms, and in how many gaps. */
  droppedMs: number;
  gaps: number;
  pauses: number;
  /** How the recording ended. */
  ended: 'stopped' | 'device-lost' | 'storage-full' | 'crashed';
}
