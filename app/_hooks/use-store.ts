'use client';

import { useStore } from 'zustand';
import { bannerStore } from '../_state/banner';
import { pageStore } from '../_state/page-library';
import { themeStore } from '../_state/theme';
import { toastStore } from '../_state/toasts';

/** The banner above the page, if any. */
export const useBanner = () => useStore(bannerStore, (state) => state.banner);

/** How the page stands with who is signed in. */
export const usePageState = () => useStore(pageStore, ({ state }) => state);

/** The chosen theme. */
export const useTheme = () => useStore(themeStore, (state) => state.theme);

/** The messages at the foot of the page. */
export const useToasts = () => useStore(toastStore, (state) => state.toasts);
