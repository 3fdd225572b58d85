'use client';

import { type RefObject, useEffect, useRef } from 'react';

/** A word by its row and its place in the row. */
export interface WordPlace {
  row: number;
  word: number;
}

/** Keys that move the focus from word to word. */
export type MoveKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

const MOVE_KEYS: readonly string[] = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
] satisfies MoveKey[];

/** Whether a key moves between words. */
export function isMoveKey(key: string): key is MoveKey {
  return MOVE_KEYS.includes(key);
}

/** Swaps left and right for right-to-left text, where the next word is to the left. */
export function mirrored(key: MoveKey): MoveKey {
  if (key === 'ArrowLeft') return 'ArrowRight';
  return key === 'ArrowRight' ? 'ArrowLeft' : key;
}

/**
 * The word that a key leads to. Left and right continue into the next row, up and down keep the index in the row
 * if possible, Home and End go to the ends of the row. At either end of the text it stays put.
 * @param counts the number of words in each row; rows without words are skipped
 */
export function moveWord(from: WordPlace, key: MoveKey, counts: readonly number[]): WordPlace {
  const last = (row: number) => Math.max(0, (counts[row] ?? 0) - 1);
  const rowBeside = (step: -1 | 1): number | null => {
    for (let row = from.row + step; row >= 0 && row < counts.length; row += step)
      if ((counts[row] ?? 0) > 0) return row;
    return null;
  };
  switch (key) {
    case 'Home':
      return { row: from.row, word: 0 };
    case 'End':
      return { row: from.row, word: last(from.row) };
    case 'ArrowUp':
    case 'ArrowDown': {
      const row = rowBeside(key === 'ArrowUp' ? -1 : 1);
      return row === null ? from : { row, word: Math.min(from.word, last(row)) };
    }
    case 'ArrowLeft': {
      if (from.word > 0) return { row: from.row, word: from.word - 1 };
      const row = rowBeside(-1);
      return row === null ? from : { row, word: last(row) };
    }
    case 'ArrowRight': {
      if (from.word < last(from.row)) return { row: from.row, word: from.word + 1 };
      const row = rowBeside(1);
      return row === null ? from : { row, word: 0 };
    }
  }
}

/** Puts the focus on the page's content, where it draws no frame, without scrolling. */
export function focusMain(): void {
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Selector of the controls in a row of a list. */
const CONTROLS = 'a[href], button:not(:disabled)';

/** Where the focus is, in order to find a place near it when the element is gone. */
interface Place {
  element: HTMLElement;
  /** Its index among the controls of its row. */
  at: number;
  row: Element | null;
  list: Element | null;
  rowAt: number;
}

/**
 * Keeps a keyboard user's place when the focused control, or its whole row, disappears: Pause becomes Resume, a
 * deleted row makes room for the next. The browser would move the focus to the page, and Tab would start at the
 * top. In another row the first control gets the focus, never Delete, so that holding Enter does not empty the list.
 * @param region contains the lists, and stays even when they are empty
 * @returns stops it
 */
export function keepFocus(region: HTMLElement): () => void {
  const scope = new AbortController();
  const { signal } = scope;
  let place: Place | null = null;
  document.addEventListener(
    'focusin',
    ({ target }) => {
      const byKeyboard = target instanceof HTMLElement && target.matches(':focus-visible');
      place = byKeyboard && region.contains(target) ? placeOf(target) : null;
    },
    { signal },
  );
  document.addEventListener(
    'pointerdown',
    () => {
      place = null;
    },
    { signal },
  );
  const observer = new MutationObserver(() => {
    if (!place || place.element.isConnected) return;
    const gone = place;
    place = null;
    if (document.activeElement !== document.body) return;
    const next = controlNear(gone);
    if (next) next.focus();
    else focusMain();
  });
  observer.observe(region, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    scope.abort();
  };
}

function controlsOf(row: Element | undefined): HTMLElement[] {
  return [...(row?.querySelectorAll<HTMLElement>(CONTROLS) ?? [])];
}

function placeOf(element: HTMLElement): Place {
  const row = element.closest('li');
  const list = row?.parentElement ?? null;
  return {
    element,
    at: controlsOf(row ?? undefined).indexOf(element),
    row,
    list,
    rowAt: row && list ? [...list.children].indexOf(row) : -1,
  };
}

/** What took the control's place in its row, else the row that took the row's place. */
function controlNear({ at, row, list, rowAt }: Place): HTMLElement | undefined {
  if (row?.isConnected) {
    const controls = controlsOf(row);
    return controls[Math.min(Math.max(at, 0), controls.length - 1)];
  }
  const rows = list?.isConnected ? [...list.children] : [];
  return controlsOf(rows[Math.min(rowAt, rows.length - 1)])[0];
}

/** For the region of a list whose rows come and go: the focus stays near its place. */
export function useKeptFocus(): RefObject<HTMLElement | null> {
  const region = useRef<HTMLElement>(null);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);
  return region;
}
