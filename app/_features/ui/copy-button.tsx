'use client';

import { Check, ClipboardCopy } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Button } from './button';
import { t } from './messages';

/** Puts a text on the clipboard and says so beside it: messages of the page lie behind a dialog. */
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
