'use client';

import { useStore } from 'zustand';
import { bannerStore } from './banner';
import { themeStore } from './theme';
import { toastStore } from './toasts';

/** The banner above the page, if any. */
export const useBanner = () => useStore(bannerStore, (state) => state.banner);

/** The chosen theme. */
export const useTheme = () => useStore(themeStore, (state) => state.theme);

/** The messages at the foot of the page. */
export const useToasts = () => useStore(toastStore, (state) => state.toasts);
