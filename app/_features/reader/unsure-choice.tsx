'use client';

import { useReader, useTools } from './context';
import { t } from './messages';

/** Marks words the recogniser was unsure of; the words beside the box are its legend. */
export function UnsureChoice() {
  const { reader } = useTools();
  const marked = useReader((state) => state.markUnsure);
  return (
    <label className="inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-lg px-2 text-sm hover:bg-sunken">
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
