'use client';

import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { keepChoice } from '@/lib/core';
import { activate, type Dictionary } from './catalogue';
import {
  ENGLISH,
  LANGUAGE_KEY,
  type Language,
  type LanguageChoice,
  languageFor,
} from './languages';

/** Loads a language's messages: each is a chunk of its own. English needs none. */
export type Loaders = Readonly<Record<string, () => Promise<Dictionary>>>;

/**
 * Renders its children in the language of the page, and again when that changes. The first render is in English,
 * as in the build's HTML, so that hydration matches.
 */
export function LanguageBoundary({ loaders, children }: { loaders: Loaders; children: ReactNode }) {
  const requested = useStore(languageStore, (state) => state.requested);
  const [shown, setShown] = useState<Language | null>(null);
  /** The focus goes back to the control by which the language was chosen. */
  const focusedId = useRef('');

  useEffect(loadLanguage, []);

  useEffect(() => {
    if (!requested) return;
    let isCurrent = true;
    const show = (language: Language, messages: Dictionary | null) => {
      if (!isCurrent) return;
      focusedId.current = document.activeElement?.id ?? '';
      activate(language, messages);
      setShown(language);
    };
    const load = loaders[requested.tag];
    if (!load) show(requested, null);
    else
      load().then(
        (messages) => show(requested, messages),
        (error: unknown) => {
          console.warn(`The messages of "${requested.tag}" were not loaded`, error);
          show(ENGLISH, null);
        },
      );
    return () => {
      isCurrent = false;
    };
  }, [requested, loaders]);

  useLayoutEffect(() => {
    if (!shown) return;
    const { documentElement: root } = document;
    root.lang = shown.tag;
    root.dir = shown.dir;
    delete root.dataset.language;
    if (focusedId.current) document.getElementById(focusedId.current)?.focus();
  }, [shown]);

  return <Fragment key={shown?.tag ?? ENGLISH.tag}>{children}</Fragment>;
}

/** The wanted language; `null` until the browser's settings have been read. */
const languageStore = createStore<{ requested: Language | null }>(() => ({ requested: null }));

/** Applies what was chosen on an earlier visit, else the browser's language. Called once in the browser. */
function loadLanguage(): void {
  languageStore.setState({ requested: languageFor(chosenLanguage(), navigator.languages) });
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
  keepChoice(LANGUAGE_KEY, choice);
  languageStore.setState({ requested: languageFor(choice, navigator.languages) });
}
