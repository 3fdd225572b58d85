export { wordsInText, wordsOf } from './distribute-words';
export { asAnswered, clamped, isCovered, merge, withoutTraces } from './merge-summaries';
export {
  type FieldTimes,
  removedSummary,
  SUMMARY_LIMITS,
  type SummaryFields,
  shareableTitle,
  type TranscriptSummary,
} from './summary';
export {
  type ModelInfo,
  type SourceInfo,
  type Transcript,
  type TranscriptSegment,
  transcriptSchema,
  transcriptSegmentSchema,
  type Word,
} from './types';
