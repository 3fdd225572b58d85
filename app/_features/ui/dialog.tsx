'use client';

import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { IconButton } from './button';
import { t } from './messages';
import { raiseToasts, toastStore } from './toasts';
import { useToasts } from './use-store';

/** Covers the page while files are dragged over it: what dropping them does. */
export function DropOverlay({ text }: { text: string }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-accent border-dashed bg-accent-soft/90 p-6 text-center"
    >
      <p className="font-serif text-2xl text-accent-strong">{text}</p>
    </div>
  );
}

/**
 * The messages that come while a dialog is open, for screen readers: those at the foot of the page are inert then. What
 * came before was read already.
 */
function Heard() {
  const toasts = useToasts();
  const [before] = useState(() => toastStore.getState().toasts.at(-1)?.id ?? 0);
  return (
    <div aria-live="polite" className="sr-only">
      {toasts.map(({ id, text }) => id > before && <p key={id}>{text}</p>)}
    </div>
  );
}

/**
 * A modal dialog on the platform's own element: it keeps the focus inside, closes on Escape and
 * gives the focus back. Mount it to open it.
 */
export function Dialog({
  title,
  onClose,
  wide = false,
  children,
}: {
  title: string;
  onClose: () => void;
  /** For more than a few lines and buttons. */
  wide?: boolean;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  // a layout effect, so that it closes while still on the page: otherwise the focus is not restored
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    raiseToasts();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`m-auto rounded-2xl border border-line bg-surface text-ink shadow-raised ${wide ? 'w-[min(52rem,calc(100vw-1rem))] p-4 sm:p-6' : 'w-[min(30rem,calc(100vw-2rem))] p-6'}`}
    >
      <Heard />
      <div className="mb-4 flex items-center justify-between gap-4">
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        <IconButton label={t('close')} onClick={onClose}>
          <X aria-hidden size={20} />
        </IconButton>
      </div>
      {children}
    </dialog>
  );
}
