export { type BatchLimits, planBatches } from './batches';
export {
  type LoadParams,
  type LoadResult,
  RECOGNISE_TIMEOUT_MS,
  type RecogniseParams,
  type RecogniseResult,
  type RecogniserMethods,
} from './protocol';
export type { ModelFiles, SpeechModel, SpeechOptions } from './speech-model';
export type {
  Backend,
  BackendChoice,
  BackendTrial,
  NumberStyle,
  PartRun,
  RecognisedWord,
  RecogniserInfo,
  SpeechHypothesis,
} from './types';
export { VOCABULARY_LIMITS, wordsWithinLimits } from './vocabulary-limits';
