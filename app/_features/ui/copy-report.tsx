'use client';

import { ClipboardCopy } from 'lucide-react';
import { Button } from './button';
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
      showToast({ text: 'The report is on the clipboard.' });
    } catch {
      // refused by the browser, or a page served over plain http
      showToast({ text: 'This browser does not let the page copy text.', tone: 'danger' });
    }
  };
  return (
    <Button
      tone="quiet"
      icon={<ClipboardCopy aria-hidden size={16} />}
      aria-describedby={describedBy}
      onClick={copy}
    >
      Copy report
    </Button>
  );
}
