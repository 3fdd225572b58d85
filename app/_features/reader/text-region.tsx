'use client';

import { LocateFixed } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { Button, positionInAddress } from '@/app/_features/ui';
import type { SegmentRecord, TranscriptRecord } from '@/lib/client/store';
import { textAttributes } from '@/lib/core';
import type { ExportOptions } from '@/lib/export';
import type { Speaker } from '@/lib/transcript';
import { usePlayback, useReader, useTools } from './context';
import { SelectionBar, selectedRows, useRowSelection } from './editing/selection-bar';
import { type Match, matchesByRow } from './find';
import { t } from './messages';
import { isFollowing, updateFollow } from './reader-state';
import { AllRows, VirtualRows } from './rows';
import { shownSpeakers } from './speakers';
import { useWordControls } from './use-word-controls';

/** The way back to the spoken word after scrolling away from it. */
function BackToCurrent({ showRow }: { showRow: (row: number) => void }) {
  const { reader } = useTools();
  const away = useReader((state) => state.follow.suspended && state.spokenRow >= 0);
  const playing = usePlayback((state) => state.playing);
  if (!away || !playing) return null;
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-40 z-20 flex justify-center">
      <Button
        tone="primary"
        icon={<LocateFixed aria-hidden size={16} />}
        className="pointer-events-auto shadow-raised"
        onClick={() => {
          updateFollow(reader, 'returned');
          showRow(reader.getState().spokenRow);
        }}
      >
        {t('backToCurrent')}
      </Button>
    </div>
  );
}

/**
 * The last of some rising times that is not after `ms`, as an index; -1 before the first.
 * @param startOf the time at an index
 */
export function lastStarted(count: number, startOf: (index: number) => number, ms: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(middle) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A word stays marked this long after it was said, in ms; in longer pauses none is marked. */
const LINGER_MS = 800;

/** Keys that scroll the page. */
const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown']);

/**
 * Marks the word being said and keeps it in view. Changes the DOM directly, once a frame and only during playback:
 * rendering the rows again would cost far more.
 * @param showRow brings a row into view if it is not
 */
function useReadAlong(
  region: RefObject<HTMLElement | null>,
  segments: readonly SegmentRecord[],
  showRow: (row: number) => void,
): void {
  const { playback, reader } = useTools();

  useEffect(() => {
    let marked: Element | null = null;
    let frame = 0;

    const mark = () => {
      const nowMs = playback.nowMs();
      const row = lastStarted(segments.length, (at) => segments[at]?.startMs ?? 0, nowMs);
      const word = spokenWord(region.current?.querySelector(`[data-row="${row}"]`), nowMs);
      if (word !== marked) {
        marked?.removeAttribute('data-current');
        word?.setAttribute('data-current', '');
        marked = word;
      }
      if (row === reader.getState().spokenRow) return;
      reader.setState({ spokenRow: row });
      if (row >= 0 && isFollowing(reader.getState().follow)) showRow(row);
    };
    const run = () => {
      mark();
      if (playback.store.getState().playing) frame = requestAnimationFrame(run);
    };
    const restart = () => {
      cancelAnimationFrame(frame);
      run();
    };

    restart();
    const stop = playback.store.subscribe((state, before) => {
      if (state.playing !== before.playing) restart();
      else if (!state.playing && state.timeMs !== before.timeMs) mark();
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      marked?.removeAttribute('data-current');
    };
  }, [region, segments, showRow, playback, reader]);

  useEffect(() => {
    const scope = new AbortController();
    const options = { signal: scope.signal, passive: true };
    const scrolled = () => {
      if (playback.store.getState().playing) updateFollow(reader, 'scrolled');
    };
    window.addEventListener('wheel', scrolled, options);
    window.addEventListener('touchmove', scrolled, options);
    window.addEventListener(
      'keydown',
      ({ key, target, defaultPrevented }) => {
        // in a field they move the caret
        if (target instanceof Element && target.matches('input, textarea, select')) return;
        if (!defaultPrevented && SCROLL_KEYS.has(key)) scrolled();
      },
      options,
    );
    // a press beside the page itself is one on its scroll bar
    window.addEventListener(
      'pointerdown',
      ({ target }) => {
        if (target === document.documentElement) scrolled();
      },
      options,
    );
    return () => scope.abort();
  }, [playback, reader]);
}

/** The word of a row that is said at a time, or was just now. */
function spokenWord(row: Element | null | undefined, nowMs: number): Element | null {
  const words = row?.querySelectorAll<HTMLElement>('.word');
  if (!words) return null;
  const word = words[lastStarted(words.length, (at) => Number(words[at]?.dataset.start), nowMs)];
  return word && nowMs <= Number(word.dataset.end) + LINGER_MS ? word : null;
}

/** Up to this many rows, all are rendered, so that the browser's search and screen readers see everything. */
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

  // keyed by place: a growing text makes new match objects, which must not scroll the reader back
  const currentRow = current?.row;
  const currentFrom = current?.from;
  useEffect(() => {
    if (currentRow === undefined || currentFrom === undefined) return;
    // otherwise the next spoken row would scroll the match away
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
