export {
  catalogue,
  currentLanguage,
  type Dictionary,
  formatLocale,
  type Translation,
} from './catalogue';
export {
  chooseLanguage,
  chosenLanguage,
  LanguageBoundary,
  type Loaders,
} from './language-boundary';
export { LANGUAGE_SCRIPT, LANGUAGES } from './languages';
export { usePageTitle } from './page-title';
