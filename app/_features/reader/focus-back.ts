'use client';

import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { EditableText } from './editing/editable-text';

/** Puts the focus into the text, on the one word or row that Tab comes to. */
function focusText(): void {
  document.querySelector<HTMLElement>('[data-row] [tabindex="0"]')?.focus({ preventScroll: true });
}

/** Where the focus is, with the caret while one types. */
function placeOfFocus(): { element: HTMLElement; caret: number | null } | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  return { element, caret: element.isContentEditable ? new EditableText(element).caret() : null };
}

/**
 * For what takes the focus while it is shown: gives it back to where it came from, or to the text where that is gone. Who
 * has gone elsewhere meanwhile stays there.
 */
export function useFocusBack(): void {
  // before a child takes it
  const [before] = useState(placeOfFocus);
  useEffect(
    () => () => {
      if (document.activeElement !== document.body) return;
      if (!before?.element.isConnected) return focusText();
      before.element.focus({ preventScroll: true });
      if (before.caret !== null) new EditableText(before.element).setCaret(before.caret);
    },
    [before],
  );
}

/** For a control beside the text that may go while it has the focus: the text takes that over. */
export function useFocusLeftToText(control: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = control.current;
    return () => {
      // it is still on the page here
      if (own && own === document.activeElement) queueMicrotask(focusText);
    };
  }, [control]);
}

/**
 * For a bar above the text, which takes the focus while it is open and gives it back.
 * @returns closes it by Escape
 */
export function useBar(close: () => void): (event: KeyboardEvent) => void {
  useFocusBack();
  return (event) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    close();
  };
}
