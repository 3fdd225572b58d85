export { markLargeModelClosed, markLargeModelOpen } from './crash-note';
export { createModelChoice, type ModelChoice } from './model-choice';
export type { ModelInUse, StandIn } from './model-in-use';
export type {
  ListedModel,
  ModelLibrary,
  ModelState,
  ModelTransfer,
  TransferProgress,
} from './model-library';
export { openModelLibrary } from './open-model-library';
export { findUsableModel, firstList, type UsableModel } from './usable-model';
