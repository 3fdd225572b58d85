export { choiceText, reasonText } from './backend-facts';
export { t } from './messages';
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
export { SelfTestList } from './model-item';
export { ModelLine } from './model-line';
export { ModelsPage } from './models-page';
export {
  useListedModels,
  useModelChoice,
  useModelInUse,
  useModelName,
  useTestedModel,
} from './use-models';
