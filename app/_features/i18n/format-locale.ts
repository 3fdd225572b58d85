import { currentLanguage } from './catalogue';

/**
 * What numbers and dates are written by: the browser's own variant of the page's language (English as
 * in Britain, German as in Austria), where it has one.
 */
export function formatLocale(): string {
  const [tag = 'en'] = currentLanguage().tag.split('-');
  const wanted = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
  return wanted.find((one) => one.toLowerCase().split('-')[0] === tag) ?? tag;
}
