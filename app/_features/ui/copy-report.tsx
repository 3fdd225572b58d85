'use client';

import { ClipboardCopy } from 'lucide-react';
import { Button } from './button';
import { t } from './messages';
import { showToast } from './toasts';

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
