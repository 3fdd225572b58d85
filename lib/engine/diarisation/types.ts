/** A span in which one speaker speaks. Those of different speakers may overlap. */
export interface SpeakerTurn {
  /** Numbered from 0, in the order in which they first speak. */
  speaker: number;
  startMs: number;
  endMs: number;
}

/** How many speakers there are: to be estimated, known, or known within limits (both included). */
export type SpeakerCount = 'auto' | { exact: number } | { min: number; max: number };

/** Who was found to speak when. */
export interface Diarised {
  /** Speakers that have a turn. */
  speakers: number;
  /** In the order of their starts. */
  turns: SpeakerTurn[];
}

/** What one speaker says in one window, or a part of that; who it is elsewhere is not known yet. */
export interface Voice {
  /** Of length 1. Biometric: kept in memory only. `null`: speaks alone too briefly. */
  embedding: Float32Array | null;
  /** Frames in which nobody else speaks. */
  soloFrames: number;
}

/** What was found in one window of the recording. */
export interface DiarisedWindow {
  /** The window's first frame, counted from the start of the recording. */
  startFrame: number;
  /** A number for each frame: bit v is set while voice v speaks. */
  activity: Uint32Array;
  voices: Voice[];
}

/** Where the frames of windows lie in the recording. */
export interface FrameGrid {
  /** Samples from one frame to the next. */
  frameSamples: number;
  /** The sample with which frame 0 begins. */
  offsetSamples: number;
}
