'use client';

import { useEffect, useState } from 'react';
import { t } from './messages';

/** What keys type, by their places; browsers that do not say have none. */
export type KeyboardLayout = ReadonlyMap<string, string>;

/** Keys whose names are words of the language. */
const NAMED = ['Space', 'Escape', 'Ctrl', 'Alt', 'Shift'] as const;

/** Keys whose names are signs; those by place as an English keyboard has them. */
const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
};

/** A key as it is written on the keyboard. @param name as `keyName` writes it */
export function shownKey(name: string, layout: KeyboardLayout | null): string {
  return name
    .split(/\+(?=.)/)
    .map((part) => {
      const named = NAMED.find((one) => one === part);
      if (named) return t(`key.${named}`);
      const bare = layout?.get(part) ?? SIGNS[part] ?? part.replace(/^(Key|Digit)/, '');
      return bare.length === 1 ? bare.toUpperCase() : bare;
    })
    .join(' ');
}

/** The layout of the user's keyboard; `null` until it is known, or if the browser does not say. */
export function useKeyboardLayout(): KeyboardLayout | null {
  const [layout, setLayout] = useState<KeyboardLayout | null>(null);
  useEffect(() => {
    // https://wicg.github.io/keyboard-map/, which TypeScript's library leaves out
    const { keyboard } = navigator as Navigator & {
      keyboard?: { getLayoutMap?(): Promise<KeyboardLayout> };
    };
    keyboard
      ?.getLayoutMap?.()
      .then(setLayout)
      // not allowed here: names of an English keyboard are shown
      .catch(() => undefined);
  }, []);
  return layout;
}
