'use client';

import { ChevronDown, ChevronUp, Replace, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from './context';
import { ReplaceFields } from './editing/replace-fields';
import { type Match, matchFrom, stepMatch } from './find';
import { useFocusBack } from './focus-back';
import { t } from './messages';
import { closeFind } from './reader-state';

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

  useFocusBack();

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
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        closeFind(reader);
      }}
      className="sticky top-2 z-20 mt-3 rounded-xl border border-line bg-surface p-1.5 shadow-raised has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent"
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
