/** What the app's texts are in. */
export interface Language {
  /** BCP 47; `en-XB` is the pseudo-language by which tests find what is not translated or mirrored. */
  tag: string;
  dir: 'ltr' | 'rtl';
  /** What the language calls itself; `null`: not offered in the settings. */
  name: string | null;
}

/** The language of the sources, and of the pages as the build renders them. */
export const ENGLISH: Language = { tag: 'en', dir: 'ltr', name: 'English' };

/** Every language there is; a new one also needs its messages in `app/messages`. */
export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'de', dir: 'ltr', name: 'Deutsch' },
  { tag: 'en-XB', dir: 'rtl', name: null },
];

/** `null`: the browser's. */
export type LanguageChoice = string | null;

/** In `localStorage`, because IndexedDB cannot be read before the first paint. */
export const LANGUAGE_KEY = 'ai2text:language';

/** @param stored what was chosen, if anything @param wanted the browser's languages, the best first */
export function languageFor(stored: string | null, wanted: readonly string[]): Language {
  const chosen = LANGUAGES.find(({ tag }) => tag === stored);
  if (chosen) return chosen;
  const known = wanted.map((tag) => {
    const [language] = tag.toLowerCase().split('-');
    return LANGUAGES.find((one) => one.tag === language);
  });
  return known.find((language) => language !== undefined) ?? ENGLISH;
}

/**
 * Does the same in the page's head, before anything is drawn. A page in another language than the build
 * rendered it in stays hidden (`globals.css`) until its messages are there.
 */
export const LANGUAGE_SCRIPT = `{let s=null;try{s=localStorage.getItem('${LANGUAGE_KEY}')}catch{}const o=${JSON.stringify(
  Object.fromEntries(LANGUAGES.map(({ tag, dir }) => [tag, dir])),
)},t=[s,...(navigator.languages||[]).map(l=>l.toLowerCase().split('-')[0])].find(l=>Object.hasOwn(o,l));if(t&&t!=='en'){const e=document.documentElement;e.lang=t;e.dir=o[t];e.dataset.language='coming'}}`;
