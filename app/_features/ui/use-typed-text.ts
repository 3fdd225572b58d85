'use client';

import { type FormEvent, useEffect, useRef } from 'react';

/** Runs `leave` when the page is closed, and when the component is taken off it. */
export function useOnLeave(leave: () => void): void {
  const newest = useRef(leave);
  useEffect(() => {
    newest.current = leave;
  });
  useEffect(() => {
    const onLeave = () => newest.current();
    window.addEventListener('pagehide', onLeave);
    return () => {
      window.removeEventListener('pagehide', onLeave);
      onLeave();
    };
  }, []);
}

/**
 * What is typed in a field, saved when the field is left, and with the page: then the field gets no `blur`.
 * @param stored what the field shows as stored; when it changes elsewhere, what was typed before is dropped
 * @param save returns whether it worked; if not, the text is saved again the next time
 */
export function useTypedText(stored: string, save: (text: string) => Promise<boolean>) {
  const typed = useRef<{ text: string; stored: string } | null>(null);
  const commit = async () => {
    const last = typed.current;
    typed.current = null;
    if (last?.stored === stored && !(await save(last.text))) typed.current ??= last;
  };
  useOnLeave(() => void commit());
  return {
    onInput: ({ currentTarget }: FormEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      typed.current = { text: currentTarget.value, stored };
    },
    commit: () => void commit(),
    drop: () => {
      typed.current = null;
    },
  };
}
