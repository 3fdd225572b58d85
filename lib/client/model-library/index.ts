export {
  createModelChoice,
  findUsableModel,
  firstList,
  type ModelChoice,
  markLargeModelClosed,
  markLargeModelOpen,
  type UsableModel,
} from './model-choice';
export type { ModelInUse, StandIn } from './model-in-use';
export type {
  ListedModel,
  ModelLibrary,
  ModelState,
  ModelTransfer,
  TransferProgress,
} from './model-library';
export { openModelLibrary } from './open-model-library';
