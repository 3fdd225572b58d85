/**
 * Everything needed to go on segmenting behind a segment as if there had been no break. Plain
 * JSON: it is stored with the segment.
 */
export interface SegmenterCheckpoint {
  version: 1;
  /** PCM must be given again from here (it lies before the segment's end: the VAD needs to warm up). */
  startSample: number;
  /** The first VAD frame that the state machine has not seen. */
  nextFrame: number;
  /** Where the speech goes on when the last segment was cut for length; else `null`. */
  speechStartSample: number | null;
}

/** One stretch of speech, with its samples and the place to go on from behind it. */
export interface SegmentedSpeech {
  /** [startSample, endSample) of the recording at 16 kHz. */
  startSample: number;
  endSample: number;
  pcm: Float32Array;
  checkpoint: SegmenterCheckpoint;
}
