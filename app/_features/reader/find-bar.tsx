'use client';

import { ChevronDown, ChevronUp, Replace, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, dismissToast, IconButton, showToast } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from './context';
import { makeEdit, rowRef, stepEdits } from './editing/commands';
import { type Match, matchesByRow, matchFrom, replaceMatches, stepMatch } from './find';
import { useBar } from './focus-back';
import { t } from './messages';
import { closeFind } from './reader-state';

/** The fields for replacing matches, and the options of the search. */
function ReplaceFields({
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

  /** @returns whether that changed something; `null`: it was refused */
  const replace = (which: readonly Match[]): boolean | null => {
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
    if (changes.every(({ seen, text }) => seen === text)) return false;
    return makeEdit(editor, { kind: 'text', changes }) === false ? null : true;
  };
  const replaceAll = () => {
    const isChanged = replace(matches);
    if (isChanged === null) return;
    const toast = showToast({
      text: t('replacedAll', { count: matches.length }),
      action: isChanged ? { label: t('undo'), run: () => stepEdits(editor, reader, -1) } : null,
    });
    // it would take back another edit
    if (isChanged) editor.onNextStep(() => dismissToast(toast));
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
        <Button disabled={matches.length === 0} onClick={replaceAll}>
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

/** Find in this transcript: Enter and Shift+Enter go on and back, Escape closes. */
export function FindBar(props: Props) {
  const open = useReader((state) => state.find.open);
  return open ? <OpenFindBar {...props} /> : null;
}

interface Props {
  segments: readonly SegmentRecord[];
  matches: Match[];
}

function OpenFindBar({ segments, matches }: Props) {
  const { reader } = useTools();
  const { query, current, asked, replacing } = useReader((state) => state.find);
  const editing = useReader((state) => state.editing);
  const box = useRef<HTMLInputElement>(null);

  const onKeyDown = useBar(() => closeFind(reader));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus is taken each time it is asked for
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, [asked]);

  // other words or a grown text: go to the first match from where one is reading
  useEffect(() => {
    reader.setState(({ find, spokenRow }) => ({
      find: {
        ...find,
        current:
          find.current >= 0 && find.current < matches.length
            ? find.current
            : matchFrom(matches, Math.max(0, spokenRow)),
      },
    }));
  }, [reader, matches]);

  const go = (by: -1 | 1) =>
    reader.setState(({ find }) => ({
      find: { ...find, current: stepMatch(find.current, by, matches.length) },
    }));

  return (
    <search
      onKeyDown={onKeyDown}
      className="block rounded-xl border border-line bg-surface p-1.5 shadow-raised has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent"
    >
      <div className="flex items-center gap-1">
        <input
          ref={box}
          type="search"
          aria-label={t('findInTranscript')}
          dir="auto"
          placeholder={t('findInTranscript')}
          value={query}
          className="min-h-10 min-w-0 flex-1 rounded-lg bg-transparent px-3 text-sm outline-none placeholder:text-muted"
          onChange={(event) =>
            reader.setState(({ find }) => ({
              find: { ...find, query: event.target.value, current: -1 },
            }))
          }
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              go(event.shiftKey ? -1 : 1);
            }
          }}
        />
        <p role="status" className="px-2 text-muted text-sm tabular-nums">
          {query.trim() === ''
            ? ''
            : matches.length === 0
              ? t('nothingFound')
              : t('matchOf', { match: current + 1, count: matches.length })}
        </p>
        <IconButton
          label={t('previousMatch')}
          disabled={matches.length === 0}
          onClick={() => go(-1)}
        >
          <ChevronUp aria-hidden size={18} />
        </IconButton>
        <IconButton label={t('nextMatch')} disabled={matches.length === 0} onClick={() => go(1)}>
          <ChevronDown aria-hidden size={18} />
        </IconButton>
        {editing && (
          <IconButton
            label={t('replace')}
            aria-expanded={replacing}
            onClick={() =>
              reader.setState(({ find }) => ({ find: { ...find, replacing: !replacing } }))
            }
          >
            <Replace aria-hidden size={18} />
          </IconButton>
        )}
        <IconButton label={t('closeFind')} onClick={() => closeFind(reader)}>
          <X aria-hidden size={18} />
        </IconButton>
      </div>
      {editing && replacing && <ReplaceFields segments={segments} matches={matches} />}
    </search>
  );
}
