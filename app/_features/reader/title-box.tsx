'use client';

import { renameTranscript } from '@/app/_features/library';
import { useTypedText } from '@/app/_features/ui';
import { SUMMARY_LIMITS } from '@/lib/transcript';
import { t } from './messages';

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Whether a title is to be stored in the place of another. */
const isOther = (wanted: string, title: string) => wanted !== '' && wanted !== title;

/** The title, edited in place: saved on Enter, or when one leaves it or the page; put back by Escape. */
export function TitleBox({ id, title }: { id: string; title: string }) {
  const typed = useTypedText(title, async (text) => {
    const wanted = tidy(text);
    return isOther(wanted, title) ? renameTranscript(id, wanted) : true;
  });
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
        onInput={typed.onInput}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return; // Enter and Escape belong to the input method
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.blur();
          } else if (event.key === 'Escape') {
            typed.drop();
            event.currentTarget.value = title;
            event.currentTarget.blur();
          }
        }}
        onBlur={({ currentTarget }) => {
          typed.commit();
          if (!isOther(tidy(currentTarget.value), title)) currentTarget.value = title;
        }}
      />
    </h1>
  );
}
