'use client';

import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import { keepChoice } from '@/lib/core';

/** Sizes of the text, in rem. */
const SIZES = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6.5, 8] as const;

export const COLOURS = ['system', 'light', 'dark', 'yellow'] as const;

/** Choices for the number of lines; 0: as many as fit. */
export const LINES = [0, 1, 2, 3, 4, 6, 8] as const;

const lookSchema = z.object({
  size: z
    .int()
    .min(0)
    .max(SIZES.length - 1),
  colours: z.enum(COLOURS),
  lines: z.union(LINES.map((count) => z.literal(count))),
});

/** How captions look on this device. */
export type CaptionLook = z.infer<typeof lookSchema>;

const KEY = 'ai2text:captions';
const USUAL: CaptionLook = { size: 3, colours: 'system', lines: 0 };

const lookStore = createStore<CaptionLook>(() => USUAL);

/** Any stored value to a look. */
export function parseLook(value: string | null): CaptionLook {
  try {
    return lookSchema.parse(JSON.parse(value ?? 'null'));
  } catch {
    return USUAL; // nothing was chosen yet, or not by this version
  }
}

/** Reads what was chosen before, also in another window. */
export function loadLook(): void {
  try {
    lookStore.setState(parseLook(localStorage.getItem(KEY)));
  } catch {
    // storage is switched off in this browser: the usual look
  }
}

/** Changes the look, and stores it for later. */
export function chooseLook(change: Partial<CaptionLook>): void {
  lookStore.setState(change);
  keepChoice(KEY, JSON.stringify(lookStore.getState()));
}

/** Makes the text larger (1) or smaller (-1), as far as it goes. */
export function stepSize(step: 1 | -1): void {
  const { size } = lookStore.getState();
  if (canStep(size, step)) chooseLook({ size: size + step });
}

/** Whether there is another size in that direction. */
export function canStep(size: number, step: 1 | -1): boolean {
  return SIZES[size + step] !== undefined;
}

/** A size in rem. */
export function remOf(size: number): number {
  return SIZES[size] ?? SIZES[USUAL.size] ?? 1;
}

/** How captions look now. */
export function useLook(): CaptionLook {
  return useSyncExternalStore(
    lookStore.subscribe,
    () => lookStore.getState(),
    () => USUAL,
  );
}
