'use client';

import { useChosenSetting } from '@/app/_features/app';
import { useReader, useTools } from './context';
import { t } from './messages';

/** Marks words the recogniser was unsure of; the words beside the box are its legend. */
export function UnsureChoice() {
  const { reader } = useTools();
  const marked = useReader((state) => state.markUnsure);
  return (
    <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-lg px-1 text-sm sm:px-2 hover:bg-sunken">
      <input
        type="checkbox"
        className="size-4 accent-(--accent)"
        checked={marked}
        onChange={(event) => reader.setState({ markUnsure: event.target.checked })}
      />
      <span>
        {t.rich('markUnsure', {
          legend: (words) => (
            <span className="underline decoration-[1.5px] decoration-line-strong decoration-dotted underline-offset-4">
              {words}
            </span>
          ),
        })}
      </span>
    </label>
  );
}

/** Everything as it was said, or without fillers: in the reader and in every export. */
export function VerbatimChoice() {
  const [{ formats, options }, choose] = useChosenSetting('exports');
  return (
    <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-lg px-1 text-sm sm:px-2 hover:bg-sunken">
      <input
        type="checkbox"
        className="size-4 accent-(--accent)"
        checked={options.verbatim}
        onChange={({ target }) =>
          void choose({ formats, options: { ...options, verbatim: target.checked } })
        }
      />
      {t('export.verbatim')}
    </label>
  );
}
