'use client';

import { useRef } from 'react';
import { attempt } from '@/app/_features/ui';
import { SUMMARY_LIMITS } from '@/lib/transcript';
import { t } from './messages';

/**
 * The title, edited in place: saved on Enter or when one leaves it, put back by Escape.
 * @param rename stores another one
 */
export function TitleBox({
  title,
  rename,
}: {
  title: string;
  rename: (title: string) => Promise<void>;
}) {
  const reverting = useRef(false);
  return (
    <h1 className="pt-2">
      <textarea
        // a title changed elsewhere (another tab) takes the place of this one
        key={title}
        aria-label={t('title')}
        dir="auto"
        rows={1}
        maxLength={SUMMARY_LIMITS.titleLength}
        defaultValue={title}
        spellCheck={false}
        className="field-sizing-content -mx-2 block w-[calc(100%+1rem)] resize-none rounded-lg px-2 py-1 font-serif text-2xl leading-tight hover:bg-sunken focus:bg-surface sm:text-3xl"
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return; // Enter and Escape belong to the input method
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.blur();
          } else if (event.key === 'Escape') {
            reverting.current = true;
            event.currentTarget.value = title;
            event.currentTarget.blur();
          }
        }}
        onBlur={(event) => {
          const box = event.currentTarget;
          const wanted = box.value.replace(/\s+/g, ' ').trim();
          if (reverting.current || wanted === '' || wanted === title) box.value = title;
          else void attempt(() => rename(wanted));
          reverting.current = false;
        }}
      />
    </h1>
  );
}
