export { alignTexts, foldedWord } from './align-texts';
export { type ChangedPlace, compareRows, type Difference, textsWithout } from './compare';
export {
  applyEdit,
  applyEditInSteps,
  type Edit,
  type EditKind,
  hasEffect,
  needsAllRows,
  needsWords,
  rowsNamedBy,
} from './edit';
export { editSchema } from './edit-schema';
export {
  findRedactions,
  type RedactionGroup,
  type RedactionKind,
  redactionOf,
} from './find-redactions';
export type { Paragraph } from './put-segments';
export { type Redaction, redact, redactText, type TimeSpan } from './redact';
export {
  type EditPatch,
  inverted,
  NO_EFFECT,
  patched,
  type Row,
  type RowRef,
} from './rows';
export {
  asAnswered,
  clamped,
  type FieldTimes,
  isCovered,
  LANGUAGE_TAG,
  merge,
  removedSummary,
  SUMMARY_LIMITS,
  type SummaryFields,
  shareableLanguage,
  shareableTitle,
  type TranscriptSummary,
  withoutTraces,
} from './summary';
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
export { tokenise, wordsInText, wordsOf } from './words';
