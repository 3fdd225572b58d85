/** The audio source. `display`: a tab, a window or the whole computer; `both`: and the microphone, each a track. */
export type CaptureSource = 'microphone' | 'display' | 'both';

/** The user's choice of what to record. Stored in the settings. */
export interface CaptureChoice {
  source: CaptureSource;
  /** The browser's id of the microphone; `null`, or an id that no longer exists: the default one. */
  deviceId: string | null;
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

/** A moment that the user marked, while recording or later. */
export interface Mark {
  id: string;
  /** From the start of the recording, excluding pauses. */
  atMs: number;
  /** What the user calls it; missing: nothing. */
  label?: string;
}

/** How well the audio was captured. Stored with the transcript. */
export interface CaptureReport {
  /** Labels of the inputs. */
  inputs: string[];
  /** Sample rate of the recording's audio clock. */
  sampleRateHz: number;
  /** How much faster the audio clock runs than the computer's, in parts per million; `null`: not enough data. */
  driftPpm: number | null;
  /** Audio that was lost, in ms, and in how many gaps. */
  droppedMs: number;
  gaps: number;
  pauses: number;
  /** How the recording ended. */
  ended: 'stopped' | 'device-lost' | 'storage-full' | 'crashed';
}
