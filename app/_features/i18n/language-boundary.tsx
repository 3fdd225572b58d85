'use client';

import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { activate, type Dictionary } from './catalogue';
import { languageStore, loadLanguage } from './language-store';
import { ENGLISH, type Language } from './languages';

/** Loads a language's messages: each is a chunk of its own. English needs none. */
export type Loaders = Readonly<Record<string, () => Promise<Dictionary>>>;

/**
 * Draws its children in the language of the page, and anew when that changes. They begin in English, as
 * the build rendered them: React compares its first drawing with that.
 */
export function LanguageBoundary({ loaders, children }: { loaders: Loaders; children: ReactNode }) {
  const wanted = useStore(languageStore, (state) => state.wanted);
  const [shown, setShown] = useState<Language | null>(null);
  /** The focus goes back to the control by which the language was chosen. */
  const focusedId = useRef('');

  useEffect(loadLanguage, []);

  useEffect(() => {
    if (!wanted) return;
    let isCurrent = true;
    const show = (language: Language, messages: Dictionary | null) => {
      if (!isCurrent) return;
      focusedId.current = document.activeElement?.id ?? '';
      activate(language, messages);
      setShown(language);
    };
    const load = loaders[wanted.tag];
    if (!load) show(wanted, null);
    else
      load().then(
        (messages) => show(wanted, messages),
        (error: unknown) => {
          console.warn(`The messages of "${wanted.tag}" were not loaded`, error);
          show(ENGLISH, null);
        },
      );
    return () => {
      isCurrent = false;
    };
  }, [wanted, loaders]);

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
