export { alignTexts, foldedWord } from './align-texts';
export { type ChangedPlace, compareRows, type Difference, textsWithout } from './compare';
export { wordsInText, wordsOf } from './distribute-words';
export {
  applyEdit,
  type Edit,
  type EditKind,
  hasEffect,
  needsAllRows,
  needsWords,
  rowsNamedBy,
} from './edit';
export {
  findRedactions,
  type RedactionGroup,
  type RedactionKind,
  redactionOf,
} from './find-redactions';
export { asAnswered, clamped, isCovered, merge, withoutTraces } from './merge-summaries';
export type { Paragraph } from './put-segments';
export { type Redaction, redact, redactText, type TimeSpan } from './redact';
export {
  type EditPatch,
  inverted,
  patched,
  type Row,
  type RowRef,
} from './rows';
export {
  type FieldTimes,
  removedSummary,
  SUMMARY_LIMITS,
  type SummaryFields,
  shareableTitle,
  type TranscriptSummary,
} from './summary';
export { tokenise } from './tokenise';
export {
  type ModelInfo,
  type SourceInfo,
  type Speaker,
  type Transcript,
  type TranscriptSegment,
  transcriptSchema,
  transcriptSegmentSchema,
  UNSURE_BELOW,
  type Word,
} from './types';
