import { createStore } from 'zustand/vanilla';

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

/** Takes a message away; one that is gone already is fine. */
export function dismissToast(id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
