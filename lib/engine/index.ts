export {
  type LoadParams,
  type LoadResult,
  RECOGNISE_TIMEOUT_MS,
  type RecogniseParams,
  type RecogniseResult,
  type RecogniserMethods,
} from './families/protocol';
export type { ModelFiles, SpeechModel, SpeechOptions } from './families/speech-model';
export { type BatchLimits, planBatches } from './runtime/plan-batches';
export type {
  Backend,
  BackendChoice,
  IntegerProducts,
  NumberStyle,
  PartRun,
  RecognisedWord,
  RecogniserInfo,
  SelfTestResult,
  SpeechHypothesis,
} from './types';
export { FUNCTION_WORDS } from './words/function-words';
export {
  readEntry,
  VOCABULARY_LIMITS,
  wordsWithinLimits,
} from './words/vocabulary-limits';
