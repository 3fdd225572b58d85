'use client';

import { Check, ClipboardCopy } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Button } from './button';

/** Puts a text on the clipboard and says so beside it: messages of the page lie behind a dialog. */
export function CopyButton({
  text,
  children,
  ...rest
}: Pick<ComponentProps<typeof Button>, 'tone' | 'aria-describedby'> & {
  text: string;
  children: string;
}) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied.');
    } catch {
      // refused by the browser, or a page served over plain http
      setSaid('This browser does not let the page copy text.');
    }
  };
  const Icon = said === 'Copied.' ? Check : ClipboardCopy;
  return (
    <>
      <Button icon={<Icon aria-hidden size={16} />} onClick={() => void copy()} {...rest}>
        {children}
      </Button>
      <span role="status" className="text-muted text-sm empty:hidden">
        {said}
      </span>
    </>
  );
}
