import { createStore } from 'zustand/vanilla';
import { type ErrorCode, isAbort, toAppError } from '@/lib/core';
import { errorSentence } from './error-text';

/** How long a message with an undo stays: long enough to reach it by keyboard. */
export const TOAST_MS = 12_000;

/** A short message at the foot of the page. */
export interface Toast {
  id: number;
  tone: 'plain' | 'danger';
  text: string;
  action: { label: string; run: () => void | Promise<void> } | null;
}

/** The messages on the page, oldest first. */
export const toastStore = createStore<{ toasts: Toast[] }>(() => ({ toasts: [] }));

let nextId = 1;

/** Shows a message. @returns its id, for `dismissToast` */
export function showToast(toast: Pick<Toast, 'text'> & Partial<Omit<Toast, 'id'>>): number {
  const id = nextId++;
  const added: Toast = { tone: 'plain', action: null, ...toast, id };
  // more than three cover the page on a small screen
  toastStore.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), added] }));
  return id;
}

const KEPT_KEY = 'ai2text:toast';

/** Shows a message once the page has been reloaded; the first of several. */
export function keepToast(text: string): void {
  try {
    if (sessionStorage.getItem(KEPT_KEY) === null) sessionStorage.setItem(KEPT_KEY, text);
  } catch {
    // storage is switched off in this browser: what happened is seen without a message, too
  }
}

/** Shows what was kept for this page. */
export function showKeptToast(): void {
  try {
    const text = sessionStorage.getItem(KEPT_KEY);
    sessionStorage.removeItem(KEPT_KEY);
    if (text !== null) showToast({ text });
  } catch {
    // storage is switched off in this browser: nothing was kept
  }
}

/**
 * Puts the messages above everything that is open. Above a modal dialog they can only be read: whatever is outside
 * the dialog takes neither clicks nor the focus, and is not read aloud; the dialog has them read.
 */
export function raiseToasts(): void {
  const toaster = document.querySelector<HTMLElement>('[data-toaster]');
  // older browsers have no popovers: there a dialog covers the messages
  if (!toaster || !('showPopover' in HTMLElement.prototype)) return;
  // the last one that was shown is on top
  toaster.hidePopover();
  toaster.showPopover();
}

/** Takes a message away; one that is gone already is fine. */
export function dismissToast(id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/**
 * Runs what the user asked for; a failure becomes a message on the page.
 * @param sentences what to say of some failures, where this place knows more than the general sentence
 * @returns whether it worked
 */
export async function attempt(
  step: () => Promise<unknown>,
  sentences: Partial<Record<ErrorCode, string>> = {},
): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (isAbort(error)) return false;
    const { code } = toAppError(error);
    showToast({ text: sentences[code] ?? errorSentence(code), tone: 'danger' });
    return false;
  }
}
