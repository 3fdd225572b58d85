export { choiceText, reasonText } from './backend-facts';
export { t } from './messages';
export { SelfTestList } from './model-check';
export { firstWordsText, liveModelText, secondPassText } from './model-choice-text';
export { tryAgain } from './model-commands';
export {
  canTranslate,
  choosableLanguages,
  chosenLanguages,
  descriptionOf,
  isBuiltIn,
  languagesText,
  namedLanguages,
  withLanguage,
} from './model-facts';
export { ModelLine } from './model-line';
export { ModelsPage } from './models-page';
export {
  useListedModels,
  useModelChoice,
  useModelInUse,
  useModelName,
  useTestedModel,
} from './use-models';
