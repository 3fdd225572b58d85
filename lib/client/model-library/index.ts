export type { ModelInUse, StandIn } from './choice';
export { forgetLargeModel, noteLargeModel } from './crash-note';
export type {
  ListedModel,
  ModelLibrary,
  ModelState,
  ModelTransfer,
  TransferProgress,
} from './library';
export { createModelChoice, type ModelChoice } from './model-choice';
export { openModelLibrary } from './open-model-library';
export { findUsableModel, type UsableModel } from './usable-model';
