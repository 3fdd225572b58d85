'use client';

import { useStore } from 'zustand';
import { pageStore } from './page-library';

/** Whether this page still has the library of the signed-in user. */
export const usePageState = () => useStore(pageStore, ({ state }) => state);
