export {
  activate,
  catalogue,
  currentLanguage,
  type Dictionary,
  FEATURES,
  type Feature,
  type Messages,
  type Translate,
  type Translation,
} from './catalogue';
export { formatLocale } from './format-locale';
export { LanguageBoundary, type Loaders } from './language-boundary';
export { chooseLanguage, chosenLanguage } from './language-store';
export { LANGUAGE_SCRIPT, LANGUAGES } from './languages';
export { usePageTitle } from './page-title';
