/**
 * Everything needed to resume segmenting after a segment as in an uninterrupted run. Plain
 * JSON: it is stored with the segment.
 */
export interface SegmenterCheckpoint {
  version: 1;
  /** PCM must be given again from here; it may lie before the segment's end. */
  startSample: number;
  /** The first VAD frame that the state machine has to look at. */
  nextFrame: number;
  /** No later segment may begin before this sample: the end of the last one. */
  floorSample: number;
  /** The last segment was cut inside speech: the next one begins exactly at `floorSample`. */
  speaking: boolean;
  /** The VAD network's recurrent state at the start of the block that holds `nextFrame`. */
  vadState: number[];
}

/** One speech segment, with its samples and the place to resume after it. */
export interface SegmentedSpeech {
  /** [startSample, endSample) of the recording at 16 kHz. */
  startSample: number;
  endSample: number;
  pcm: Float32Array;
  checkpoint: SegmenterCheckpoint;
}

/** VAD on frames as they come. */
export interface LiveVad {
  /**
   * @param pcm the samples that follow, any number of whole frames of 512; given away
   * @returns for each frame the probability of speech, and its mean power
   */
  push(pcm: Float32Array): Promise<{ probabilities: Float32Array; levels: Float32Array }>;
  close(): Promise<void>;
}
