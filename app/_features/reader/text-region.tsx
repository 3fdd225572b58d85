'use client';

import { useCallback, useEffect, useMemo, useRef } from 'react';
import { positionInAddress } from '@/app/_features/ui';
import type { SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import { textAttributes } from '@/lib/core';
import type { ExportOptions } from '@/lib/export';
import type { Speaker } from '@/lib/transcript';
import { BackToCurrent } from './back-to-current';
import { useReader, useTools } from './context';
import { selectedRows } from './editing/row-selection';
import { SelectionBar, useRowSelection } from './editing/selection-bar';
import { type Match, matchesByRow } from './find';
import { t } from './messages';
import { updateFollow } from './reader-state';
import { AllRows, VirtualRows } from './rows';
import { shownSpeakers } from './speakers';
import { useReadAlong } from './use-read-along';
import { useWordControls } from './use-word-controls';

/** Up to this many rows all are on the page: the browser's own search and readers see them whole. */
const ALL_ROWS_UP_TO = 200;

interface Props {
  /** `failed`: the page says above why there is no more. */
  state: TranscriptRecord['state'] | 'failed';
  /** BCP 47. */
  language: string;
  segments: SegmentRecord[];
  speakers: readonly Speaker[];
  matches: Match[];
  spoken: Spoken;
}

/** How exactly speech is shown, as in exports. */
export type Spoken = Pick<ExportOptions, 'verbatim' | 'pauses' | 'minPauseMs'>;

/** The words in order; every one of them leads to its place in the recording. */
export function TextRegion({ state, language, segments, speakers, matches, spoken }: Props) {
  const { verbatim, pauses, minPauseMs } = spoken;
  const { playback, reader } = useTools();
  const region = useRef<HTMLElement>(null);
  const bring = useRef<(row: number) => void>(() => undefined);
  const onScroller = useCallback((scroll: (row: number) => void) => {
    bring.current = scroll;
  }, []);
  const showRow = useCallback((row: number) => {
    const shown = region.current?.querySelector(`[data-row="${row}"]`);
    if (!shown) bring.current(row);
    else if (!inView(shown)) shown.scrollIntoView({ block: 'center', behavior: smoothness() });
  }, []);
  const markUnsure = useReader((state) => state.markUnsure);
  const current = useReader((state) => matches[state.find.current]);
  const found = useMemo(() => matchesByRow(matches), [matches]);

  useWordControls(region, segments);
  useReadAlong(region, segments, showRow);
  useRowSelection(region);
  // the row that the caret, the review or a selection goes to may not be drawn
  const caretRow = useReader(
    ({ selected, caret, review }) => selected?.head ?? (caret ?? review)?.rowId,
  );
  useEffect(() => {
    if (caretRow === undefined) return;
    const row = segments.findIndex(({ id }) => id === caretRow);
    if (row >= 0) showRow(row);
  }, [caretRow, segments, showRow]);
  // an address with a time, from a search: go there once the rows are laid out
  useEffect(() => {
    if (positionInAddress() === null) return;
    const frame = requestAnimationFrame(() => {
      const { spokenRow } = reader.getState();
      if (spokenRow >= 0) showRow(spokenRow);
    });
    return () => cancelAnimationFrame(frame);
  }, [reader, showRow]);

  // by its place: a text that grows makes new matches, and must not scroll the reader back
  const currentRow = current?.row;
  const currentFrom = current?.from;
  useEffect(() => {
    if (currentRow === undefined || currentFrom === undefined) return;
    // else the next spoken row would take the reader away from what was found
    if (playback.store.getState().playing) updateFollow(reader, 'scrolled');
    showRow(currentRow);
  }, [currentRow, currentFrom, showRow, playback, reader]);

  const look = useMemo(() => textAttributes(textsOf(segments), language), [segments, language]);
  const editing = useReader((state) => state.editing);
  const selection = useReader((state) => state.selected);
  const selected = useMemo(() => {
    const rows = selectedRows(segments, selection);
    return { from: rows[0] ? segments.indexOf(rows[0]) : 0, count: rows.length };
  }, [segments, selection]);
  const shown = useMemo(() => shownSpeakers(speakers), [speakers]);
  const rows = {
    segments,
    dir: look.dir,
    found,
    current,
    speakers: shown,
    editing,
    selected,
    fillersOf: verbatim ? null : language,
    minPauseMs: verbatim && pauses ? minPauseMs : Number.POSITIVE_INFINITY,
  };
  return (
    <>
      <section
        ref={region}
        aria-label={t('transcript')}
        {...look}
        data-mark-unsure={markUnsure}
        data-clean={!verbatim && !editing}
        data-pauses={verbatim && pauses && !editing}
        className="mt-4 font-serif text-lg leading-relaxed"
      >
        {segments.length <= ALL_ROWS_UP_TO ? (
          <AllRows {...rows} />
        ) : (
          <VirtualRows {...rows} onScroller={onScroller} />
        )}
      </section>
      {segments.length === 0 && (
        <p className="mt-4 text-muted">{state !== 'failed' && t(`empty.${state}`)}</p>
      )}
      <SelectionBar segments={segments} />
      <BackToCurrent showRow={showRow} />
    </>
  );
}

function* textsOf(segments: readonly SegmentRecord[]): Generator<string> {
  for (const { text } of segments) yield text;
}

/** Height left free above and below, in CSS pixels: the find bar and the player lie there. */
const TOP_PX = 80;
const BOTTOM_PX = 200;

function inView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= TOP_PX && bottom <= window.innerHeight - BOTTOM_PX;
}

function smoothness(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}
