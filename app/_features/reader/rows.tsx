'use client';

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SegmentRecord } from '@/lib/client/store';
import type { Direction } from '@/lib/core';
import type { Word } from '@/lib/transcript';
import { useReader } from './context';
import { EditableRow } from './editing/editable-row';
import type { Match } from './find';
import { Row } from './row';
import type { ShownSpeaker } from './speakers';
import { useWords } from './transcript-source';

interface Props {
  segments: SegmentRecord[];
  dir: Direction;
  found: Map<number, Match[]>;
  current: Match | undefined;
  speakers: Map<string, ShownSpeaker>;
  editing: boolean;
  /** Rows that are selected as a whole: the first, and how many. */
  selected: { from: number; count: number };
  /** The language whose fillers are not shown, BCP 47; `null`: all words are. */
  fillersOf: string | null;
  minPauseMs: number;
}

/** Every row on the page. */
export function AllRows(props: Props) {
  const wordsOf = useWords(props.segments);
  return props.segments.map((segment, at) => (
    <OneRow key={segment.id} {...props} row={at} segment={segment} words={wordsOf(segment)} />
  ));
}

function OneRow({
  row,
  segment,
  words,
  segments,
  dir,
  found,
  current,
  speakers,
  editing,
  selected,
  fillersOf,
  minPauseMs,
}: Props & { row: number; segment: SegmentRecord; words: Word[] | undefined }) {
  const { speakerId } = segment;
  const shared = {
    row,
    segment,
    words,
    dir,
    found: found.get(row),
    current: current?.row === row ? current : undefined,
    speaker: speakerId === null ? undefined : speakers.get(speakerId),
    isTurn: segments[row - 1]?.speakerId !== speakerId,
    isSelected: row >= selected.from && row < selected.from + selected.count,
    fillersOf,
    afterMs: segments[row - 1]?.endMs ?? 0,
    minPauseMs,
  };
  return editing ? <EditableRow {...shared} /> : <Row {...shared} />;
}

/** Only the rows near the window: ten hours are thousands of them. */
export function VirtualRows({
  onScroller,
  ...props
}: Props & { onScroller: (scroll: (row: number) => void) => void }) {
  const { segments } = props;
  const list = useRef<HTMLDivElement>(null);
  const [{ top, width }, setPlace] = useState({ top: 0, width: 0 });

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const top = element.getBoundingClientRect().top + window.scrollY;
      const width = element.clientWidth;
      setPlace((place) => (place.top === top && place.width === width ? place : { top, width }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // what is above may grow: notices, the find bar, a wrapped title
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  // the word in the tab order stays rendered, wherever the page is scrolled to
  const activeRow = useReader((state) => state.active.row);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const rows = defaultRangeExtractor(range);
      return activeRow >= range.count || rows.includes(activeRow)
        ? rows
        : [...rows, activeRow].sort((a, b) => a - b);
    },
    [activeRow],
  );
  // a new function makes all rows be measured again, so it changes only when that is needed
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another width have other heights
  const getItemKey = useCallback((at: number) => segments[at]?.id ?? at, [segments, width]);
  const virtualizer = useWindowVirtualizer({
    count: segments.length,
    estimateSize: (at) => rowHeightPx(segments[at]?.text.length ?? 0, width),
    getItemKey,
    overscan: 6,
    scrollMargin: top,
    rangeExtractor,
  });

  useEffect(() => {
    onScroller((row) => virtualizer.scrollToIndex(row, { align: 'center' }));
  }, [virtualizer, onScroller]);

  const items = virtualizer.getVirtualItems();
  const wordsOf = useWords(items.flatMap(({ index }) => segments[index] ?? []));

  return (
    <div ref={list} className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {items.map(({ key, index, start }) => {
        const segment = segments[index];
        return (
          segment && (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <OneRow {...props} row={index} segment={segment} words={wordsOf(segment)} />
            </div>
          )
        );
      })}
    </div>
  );
}

/** Sizes of the text in CSS pixels, for a first guess of a row's height before it is drawn. */
const LINE_PX = 29.25;
const PADDING_PX = 12;
const CHARACTER_PX = 8.2;
const STAMP_PX = 72;

function rowHeightPx(characters: number, widthPx: number): number {
  const perLine = Math.max(20, (widthPx - STAMP_PX) / CHARACTER_PX);
  return Math.max(1, Math.ceil(characters / perLine)) * LINE_PX + PADDING_PX;
}
