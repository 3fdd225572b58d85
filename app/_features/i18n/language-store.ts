import { createStore } from 'zustand/vanilla';
import { LANGUAGE_KEY, type Language, type LanguageChoice, languageFor } from './languages';

/** The language that was asked for; `null` until the browser was looked at. */
export const languageStore = createStore<{ wanted: Language | null }>(() => ({ wanted: null }));

/** Applies what was chosen on an earlier visit, else the browser's language. Called once in the browser. */
export function loadLanguage(): void {
  languageStore.setState({ wanted: languageFor(chosenLanguage(), navigator.languages) });
}

/** What was chosen on this device. */
export function chosenLanguage(): LanguageChoice {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null; // storage is switched off in this browser
  }
}

/** Chooses a language for this device; the page is drawn in it once its messages are loaded. */
export function chooseLanguage(choice: LanguageChoice): void {
  try {
    if (choice === null) localStorage.removeItem(LANGUAGE_KEY);
    else localStorage.setItem(LANGUAGE_KEY, choice);
  } catch {
    // storage is switched off in this browser: the choice holds until the page is left
  }
  languageStore.setState({ wanted: languageFor(choice, navigator.languages) });
}
