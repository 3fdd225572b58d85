'use client';

import { Check, ClipboardCopy } from 'lucide-react';
import { type ComponentProps, useEffect, useId, useRef, useState } from 'react';
import { Button } from './button';
import { t } from './messages';
import { showToast } from './toasts';

/** Puts a text on the clipboard and says so beside it. */
export function CopyButton({
  text,
  children,
  ...rest
}: Pick<ComponentProps<typeof Button>, 'tone' | 'aria-describedby'> & {
  text: string;
  children: string;
}) {
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      // refused by the browser, or a page served over plain http
      setSaid('refused');
    }
  };
  const Icon = said === 'copied' ? Check : ClipboardCopy;
  return (
    <>
      <Button icon={<Icon aria-hidden size={16} />} onClick={() => void copy()} {...rest}>
        {children}
      </Button>
      <span role="status" className="text-muted text-sm empty:hidden">
        {said && t(said)}
      </span>
    </>
  );
}

/** A link that was just made, selected and ready to be copied. */
export function CopyLink({ label, link }: { label: string; link: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // what was pressed may be gone: the focus goes to its result
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={field}
          id={id}
          readOnly
          value={link}
          onFocus={(event) => event.target.select()}
          className="min-h-10 min-w-0 flex-1 basis-56 rounded-lg border border-line-strong bg-surface px-3 font-mono text-base sm:text-sm"
        />
        <CopyButton tone="primary" text={link}>
          {t('copyLink')}
        </CopyButton>
      </div>
    </div>
  );
}

/** Puts a text on the clipboard and says so; where that is not allowed, says that too. */
export function CopyReport({
  report,
  describedBy,
}: {
  report: () => string;
  describedBy?: string;
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(report());
      showToast({ text: t('reportCopied') });
    } catch {
      // refused by the browser, or a page served over plain http
      showToast({ text: t('refused'), tone: 'danger' });
    }
  };
  return (
    <Button
      tone="quiet"
      icon={<ClipboardCopy aria-hidden size={16} />}
      aria-describedby={describedBy}
      onClick={copy}
    >
      {t('copyReport')}
    </Button>
  );
}
