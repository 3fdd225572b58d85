'use client';

import { Bookmark, PencilLine, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, buttonClass, IconButton, useTypedText } from '@/app/_features/ui';
import type { Mark } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { bookmarkName, deleteBookmark, renameBookmark } from './bookmarks';
import { useTools } from './context';
import { t } from './messages';
import { updateFollow } from './reader-state';

/** The bookmarks; pressed, the player goes there. */
export function MarkList({ marks }: { marks: readonly Mark[] }) {
  const { editor } = useTools();
  const [changing, setChanging] = useState(false);
  if (marks.length === 0) return null;
  return (
    <section aria-label={t('marks')} className="mt-4">
      <ul className={changing ? 'space-y-2' : 'flex flex-wrap gap-2'}>
        {marks.map((mark, at) => (
          <li key={mark.id} className="flex max-w-full items-center gap-2">
            {changing ? <Fields mark={mark} at={at} /> : <Go mark={mark} at={at} />}
          </li>
        ))}
        {editor && (
          <li>
            {changing ? (
              <Button onClick={() => setChanging(false)}>{t('done')}</Button>
            ) : (
              <IconButton label={t('changeBookmarks')} onClick={() => setChanging(true)}>
                <PencilLine aria-hidden size={18} />
              </IconButton>
            )}
          </li>
        )}
      </ul>
    </section>
  );
}

function Go({ mark, at }: { mark: Mark; at: number }) {
  const { playback, reader } = useTools();
  return (
    <button
      type="button"
      aria-label={
        mark.label === undefined
          ? bookmarkName(mark, at)
          : t('timeAndLabel', { time: formatClock(mark.atMs), label: mark.label })
      }
      className={`${buttonClass('plain')} min-w-0 tabular-nums`}
      onClick={() => {
        updateFollow(reader, 'sought');
        playback.seek(mark.atMs);
      }}
    >
      <Bookmark aria-hidden size={16} className="text-warn" />
      {formatClock(mark.atMs)}
      {mark.label !== undefined && (
        <span dir="auto" className="truncate">
          {mark.label}
        </span>
      )}
    </button>
  );
}

function Fields({ mark, at }: { mark: Mark; at: number }) {
  const { source } = useTools();
  const name = bookmarkName(mark, at);
  const typed = useTypedText(mark.label ?? '', (text) => renameBookmark(source.id, mark, text));
  return (
    <>
      <span className="w-14 text-end text-muted text-sm tabular-nums">
        {formatClock(mark.atMs)}
      </span>
      <input
        // undone, or renamed in another tab
        key={mark.label}
        aria-label={t('nameOf', { name })}
        defaultValue={mark.label}
        placeholder={name}
        dir="auto"
        maxLength={100}
        className="min-h-10 w-72 min-w-0 rounded-lg border border-line bg-surface px-3 text-sm"
        onInput={typed.onInput}
        onBlur={typed.commit}
        onKeyDown={({ key }) => {
          if (key === 'Enter') typed.commit();
        }}
      />
      <IconButton
        label={t('deleteBookmark', { name })}
        onClick={() => void deleteBookmark(source.id, mark)}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </>
  );
}
