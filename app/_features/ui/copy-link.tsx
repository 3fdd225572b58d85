'use client';

import { useEffect, useId, useRef } from 'react';
import { CopyButton } from './copy-button';
import { t } from './messages';

/** A link that was just made, selected and ready to be copied. */
export function CopyLink({ label, link }: { label: string; link: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // what was pressed may be gone: the focus goes to what came of it
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
