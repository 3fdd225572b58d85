'use client';

import { Button, showToast } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { type Match, matchesByRow, replaceMatches } from '../find';
import { t } from '../messages';
import { stepEdits } from './commands';
import { makeEdit, rowRef } from './edit-row';

/** What is written in the place of what was found, and how exactly it is looked for. */
export function ReplaceFields({
  segments,
  matches,
}: {
  segments: readonly SegmentRecord[];
  matches: readonly Match[];
}) {
  const { editor, reader } = useTools();
  const { replacement, matchCase, wholeWord, current } = useReader((state) => state.find);
  if (!editor) return null;
  const change = (part: Partial<{ matchCase: boolean; wholeWord: boolean; replacement: string }>) =>
    reader.setState(({ find }) => ({ find: { ...find, ...part } }));

  const replace = (which: readonly Match[]) => {
    const changes = [...matchesByRow(which)].flatMap(([row, found]) => {
      const segment = segments[row];
      return segment
        ? [
            {
              row: rowRef(segment),
              seen: segment.text,
              text: replaceMatches(segment.text, found, replacement),
            },
          ]
        : [];
    });
    if (changes.length > 0) makeEdit(editor, { kind: 'text', changes });
  };
  const match = matches[current];
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 max-sm:px-1.5 max-sm:pb-1.5">
      <input
        aria-label={t('replaceWith')}
        placeholder={t('replaceWith')}
        dir="auto"
        value={replacement}
        className="min-h-10 min-w-40 flex-1 rounded-lg bg-transparent px-3 max-sm:basis-full max-sm:px-1.5 text-sm outline-none placeholder:text-muted"
        onChange={(event) => change({ replacement: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !match) return;
          event.preventDefault();
          replace([match]);
        }}
      />
      <div className="flex flex-wrap items-center gap-x-3 max-sm:basis-full">
        <Check
          label={t('matchCase')}
          checked={matchCase}
          onChange={(checked) => change({ matchCase: checked })}
        />
        <Check
          label={t('wholeWord')}
          checked={wholeWord}
          onChange={(checked) => change({ wholeWord: checked })}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button disabled={!match} onClick={() => match && replace([match])}>
          {t('replace')}
        </Button>
        <Button
          disabled={matches.length === 0}
          onClick={() => {
            replace(matches);
            showToast({
              text: t('replacedAll', { count: matches.length }),
              action: { label: t('undo'), run: () => stepEdits(editor, reader, -1) },
            });
          }}
        >
          {t('replaceAll')}
        </Button>
      </div>
    </div>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="inline-flex min-h-10 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-(--accent)"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
