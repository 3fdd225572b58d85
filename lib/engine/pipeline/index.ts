export { assembleSegment, type RecognisedSpeech } from './assemble';
export type {
  Decoder,
  DecodeSession,
  FirstWordsWriter,
  JobOptions,
  Recogniser,
  Segmenter,
  SegmentSession,
} from './stages';
export { type Stages, type StageTimes, type TranscribeEnd, transcribe } from './transcribe';
export type { FirstWords } from './write-ahead';
