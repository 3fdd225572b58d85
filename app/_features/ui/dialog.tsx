'use client';

import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { IconButton } from './button';
import { t } from './messages';

/**
 * A modal dialog on the platform's own element: it keeps the focus inside, closes on Escape and
 * gives the focus back. Mount it to open it.
 */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  // a layout effect: it closes while the dialog is on the page, else the focus is not given back
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
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
      className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl border border-line bg-surface p-6 text-ink shadow-raised"
    >
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
