'use client';

import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  Button,
  dismissToast,
  focusMain,
  IconButton,
  TOAST_MS,
  type Toast,
  useToasts,
} from '@/app/_features/ui';
import { t } from './messages';

/** The messages at the foot of the page, read aloud as they come. */
export function Toaster() {
  const toasts = useToasts();
  return (
    <div
      role="status"
      // only the new message is read, not those that are there still
      aria-atomic={false}
      data-toaster
      className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex flex-col items-center gap-2 p-4"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { id, text, tone, action } = toast;
  const [held, setHeld] = useState(false);

  // while it is pointed at or has the focus, it stays
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(id), TOAST_MS);
    return () => clearTimeout(timer);
  }, [id, held]);

  /** Takes it away by hand: the focus must not be lost with its button. */
  const leave = () => {
    dismissToast(id);
    focusMain();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here but waiting
    <div
      className="pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-xl border border-line bg-surface py-1.5 pe-1.5 ps-4 text-sm shadow-raised"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className={`min-w-0 flex-1 py-1 ${tone === 'danger' ? 'text-danger' : ''}`}>{text}</p>
      {action && (
        <Button
          tone="link"
          onClick={() => {
            leave();
            void action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('dismiss')} onClick={leave}>
        <X aria-hidden size={18} />
      </IconButton>
    </div>
  );
}
