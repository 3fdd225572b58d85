'use client';

import { useStore } from 'zustand';
import { themeStore } from '@/app/_features/ui/theme';
import { toastStore } from '@/app/_features/ui/toasts';
import { bannerStore } from './banner';

/** The banner above the page, if any. */
export const useBanner = () => useStore(bannerStore, (state) => state.banner);

/** The chosen theme. */
export const useTheme = () => useStore(themeStore, (state) => state.theme);

/** The messages at the foot of the page. */
export const useToasts = () => useStore(toastStore, (state) => state.toasts);
