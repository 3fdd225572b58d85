'use client';

import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { EditableText } from './editing/editable-text';

/** Focuses the text: the one word or row that is in the tab order. */
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
 * For components that take the focus while they are shown: returns it to where it was, or to the text if that is gone.
 * If the focus has moved elsewhere meanwhile, it stays there.
 */
export function useFocusBack(): void {
  // read before a child takes the focus
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

/** For a control beside the text that may disappear while it has the focus: the text then gets it. */
export function useFocusLeftToText(control: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = control.current;
    return () => {
      // the control is still on the page at this point
      if (own && own === document.activeElement) queueMicrotask(focusText);
    };
  }, [control]);
}

/**
 * For a bar above the text, which takes the focus while it is open and returns it when it closes.
 * @returns a key handler that closes it on Escape
 */
export function useBar(close: () => void): (event: KeyboardEvent) => void {
  useFocusBack();
  return (event) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    close();
  };
}
