'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { attempt, DropOverlay, filesFromDrop, showToast } from '@/app/_features/ui';
import { addFiles, mayBeAdded, withoutLoneTexts } from './commands';
import { t } from './messages';

/**
 * Takes files dropped anywhere in the window or pasted, on every page: a drop that misses the
 * region would otherwise make the browser leave the app.
 */
export function FileIntake() {
  const [over, setOver] = useState(false);
  const router = useRouter();
  const here = usePathname();
  const goHome = useRef<() => void>(() => undefined);
  useEffect(() => {
    goHome.current = () => {
      if (here !== '/') router.push('/');
    };
  }, [here, router]);

  useEffect(() => {
    const scope = new AbortController();
    const on = <K extends keyof WindowEventMap>(
      type: K,
      listener: (event: WindowEventMap[K]) => void,
    ) => window.addEventListener(type, listener, { signal: scope.signal });
    // `dragenter` and `dragleave` come for every element crossed: what counts is how many are open
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(false);
    };

    on('dragenter', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    });
    on('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    });
    on('dragleave', () => {
      depth -= 1;
      if (depth <= 0) leave();
    });
    on('drop', (event) => {
      leave();
      const transfer = event.dataTransfer;
      if (!transfer || !hasFiles(transfer)) return;
      event.preventDefault();
      const collecting = filesFromDrop(transfer, mayBeAdded);
      goHome.current();
      void attempt(async () => {
        const { files: all, skipped: others, unreadable } = await collecting;
        const files = withoutLoneTexts(all);
        const skipped = others + all.length - files.length;
        if (skipped > 0)
          showToast({
            text: t('skipped', { count: skipped }),
          });
        if (unreadable > 0)
          showToast({
            text: t('unreadable', { count: unreadable }),
            tone: 'danger',
          });
        if (files.length + skipped + unreadable === 0) showToast({ text: t('nothingDropped') });
        await addFiles(files);
      });
    });
    on('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || pastesText(event)) return;
      event.preventDefault();
      goHome.current();
      void addFiles(files);
    });
    return () => scope.abort();
  }, []);

  return over && <DropOverlay text={t('dropToTranscribe')} />;
}

/** Text copied from an office program comes with a picture of itself: a field takes the text. */
function pastesText({ target, clipboardData }: ClipboardEvent): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, [contenteditable]') !== null &&
    (clipboardData?.types.includes('text/plain') ?? false)
  );
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}
