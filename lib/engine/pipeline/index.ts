export { assembleSegment } from './assemble';
export { type Interleaving, interleave, NOTHING_SAID } from './interleave';
export type { TrackPoint } from './open-tracks';
export type {
  Decoder,
  DecodeSession,
  FirstWordsWriter,
  JobOptions,
  Recogniser,
  Segmenter,
  SegmentSession,
} from './stages';
export type { TranscribedSpeech } from './track-order';
export { type Stages, type StageTimes, type TranscribeEnd, transcribe } from './transcribe';
export type { FirstWords } from './write-ahead';
