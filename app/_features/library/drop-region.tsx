'use client';

import { FileAudio } from 'lucide-react';
import { useCallback, useId } from 'react';
import { ACCEPT, buttonClass } from '@/app/_features/ui';
import { addFiles } from './commands';
import { t } from './messages';

/** Where recordings come in. Drops are taken by the whole window; this says so and has the chooser. */
export function DropRegion({ compact }: { compact: boolean }) {
  const id = useId();
  /** Files may be chosen before React listens: those are taken when it begins to. */
  const takeEarlyFiles = useCallback((input: HTMLInputElement | null) => {
    if (input) takeFiles(input);
  }, []);
  return (
    <section
      aria-label={t('dropRegion')}
      className={`rounded-2xl border border-line-strong/60 border-dashed bg-surface px-5 text-center ${compact ? 'py-6' : 'py-10 sm:py-14'}`}
    >
      {!compact && (
        <FileAudio aria-hidden size={36} strokeWidth={1.4} className="mx-auto mb-4 text-accent" />
      )}
      <p className={`text-balance ${compact ? 'mb-3' : 'mb-5 font-serif text-xl'}`}>
        {t('dropHere')}
      </p>
      <input
        id={id}
        type="file"
        multiple
        accept={ACCEPT}
        className="peer sr-only"
        ref={takeEarlyFiles}
        onChange={(event) => takeFiles(event.target)}
      />
      <label
        htmlFor={id}
        className={`${buttonClass('primary')} peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-2`}
      >
        {t('chooseFiles')}
      </label>
      <p className="mt-4 text-muted text-sm">{t('nothingUploaded')}</p>
    </section>
  );
}

function takeFiles(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])];
  // the same file may be chosen again
  input.value = '';
  if (files.length > 0) void addFiles(files);
}
