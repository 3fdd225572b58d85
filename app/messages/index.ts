import type { Loaders } from '@/app/_features/i18n';

/** The messages of every language but English, which lies in the sources' own bundles. */
export const MESSAGES: Loaders = {
  de: () => import('./de').then(({ messages }) => messages),
};

// on its way while the page becomes alive, which it waits for
if (typeof document !== 'undefined')
  void MESSAGES[document.documentElement.lang]?.().catch(() => undefined);
