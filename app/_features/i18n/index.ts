export {
  catalogue,
  currentLanguage,
  type Dictionary,
  type Translation,
} from './catalogue';
export { formatLocale } from './format-locale';
export { LanguageBoundary, type Loaders } from './language-boundary';
export { chooseLanguage, chosenLanguage } from './language-store';
export { LANGUAGE_SCRIPT, LANGUAGES } from './languages';
export { usePageTitle } from './page-title';
