import { createStore } from 'zustand/vanilla';
import { keepChoice } from '@/lib/core';

/** What the user can choose; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'ai2text:theme';

/**
 * Runs in the page's head before anything is drawn, so that a chosen theme never flashes.
 * Kept in `localStorage`, because IndexedDB cannot be read before the first paint.
 */
// zod is configured first, before any module of it runs, not to try whether it may evaluate code: the policy
// forbids that, and browsers report it
export const THEME_SCRIPT = `globalThis.__zod_globalConfig={jitless:true};try{var t=localStorage.getItem('${KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;

/** Any stored value to a theme; what is not one counts as `system`. */
export function parseTheme(value: string | null): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/** The theme in use; read from the browser on the first subscription. */
export const themeStore = createStore<{ theme: Theme }>(() => ({ theme: 'system' }));

/** Reads what was chosen on an earlier visit. Called once in the browser. */
export function loadTheme(): void {
  themeStore.setState({ theme: parseTheme(readKey()) });
}

/** Applies a theme to the page and keeps it for the next visit. */
export function setTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  themeStore.setState({ theme });
  keepChoice(KEY, theme);
}

function readKey(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off in this browser
  }
}
