'use client';

import { Fragment, memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import type { SegmentRecord } from '@/lib/client/store';
import { type Direction, directionOfParagraph, formatClock, needsSpace } from '@/lib/core';
import { isFiller, pauseText } from '@/lib/export';
import { UNSURE_BELOW, type Word, wordsOf } from '@/lib/transcript';
import { useReader, useTools } from './context';
import { type Match, wordsOfMatch } from './find';
import { type ShownSpeaker, SpeakerLabel } from './speakers';

export interface RowProps {
  row: number;
  segment: SegmentRecord;
  /** Which way the whole text runs. */
  dir: Direction;
  /** Undefined until they are read: the row's plain text is shown meanwhile. */
  words: Word[] | undefined;
  found: Match[] | undefined;
  /** The match one is at, when it stands in this row. */
  current: Match | undefined;
  /** Who speaks; undefined: nobody was named. */
  speaker: ShownSpeaker | undefined;
  /** Another one spoke in the row before. */
  isTurn: boolean;
  /** It is one of several that are selected as a whole. */
  isSelected: boolean;
  /** The language whose fillers are not shown, BCP 47; `null`: all words are. */
  fillersOf: string | null;
  /** The end of the row before, in ms. */
  afterMs: number;
  /** Silence that is shown begins with this length, in ms; infinite: none is. */
  minPauseMs: number;
}

/**
 * One row: its time and its words. The region handles clicks and keys (`useWordControls`) and marks the spoken word
 * (`useReadAlong`).
 */
export const Row = memo(function Row(props: RowProps) {
  const { row, segment, dir, words, found, current, fillersOf, afterMs, minPauseMs } = props;
  const element = useFocusOnActive(row, words !== undefined);
  const shown = useMemo(() => words && wordsOf(segment, words), [segment, words]);
  const own = useMemo(() => directionOfParagraph(segment.text, dir), [segment.text, dir]);
  return (
    <RowFrame {...props}>
      {/* a row wholly in another script: its language is not that of the rest, and not known; it
          stays beside its time */}
      <span
        ref={element}
        {...(own !== dir && {
          dir: own,
          lang: '',
          className: dir === 'rtl' ? 'text-right' : 'text-left',
        })}
      >
        {shown ? (
          <Words
            row={row}
            rowId={segment.id}
            words={shown}
            isSpaced={words?.length === 0 ? asWritten : needsSpace}
            found={found}
            current={current}
            fillersOf={fillersOf}
            afterMs={afterMs}
            minPauseMs={minPauseMs}
          />
        ) : (
          `${segment.text} `
        )}
      </span>
    </RowFrame>
  );
});

/** A row's time and speaker beside its text. */
export function RowFrame({
  row,
  segment,
  speaker,
  isTurn,
  isSelected,
  children,
}: Pick<RowProps, 'row' | 'segment' | 'speaker' | 'isTurn' | 'isSelected'> & {
  children: ReactNode;
}) {
  return (
    <div
      data-row={row}
      data-selected={isSelected ? '' : undefined}
      // the text of the region is the words alone: a name is drawn as the time is, and read aloud as a label
      {...(speaker && { role: 'group', 'aria-label': speaker.name })}
      className="grid grid-cols-[3.25rem_minmax(0,1fr)] gap-x-2 rounded-lg py-1.5 data-selected:bg-accent-soft data-selected:outline data-selected:outline-accent/40 sm:grid-cols-[4rem_minmax(0,1fr)]"
    >
      {isTurn && speaker && <SpeakerLabel rowId={segment.id} speaker={speaker} />}
      <span
        aria-hidden
        className="stamp col-start-1 cursor-pointer pt-1.5 font-sans text-muted text-xs tabular-nums hover:text-accent"
        data-start={segment.startMs}
        data-time={formatClock(segment.startMs)}
      />
      {children}
    </div>
  );
}

/** Words of a text that has no times for them were parted by spaces. */
const asWritten = () => true;

interface WordsProps extends Pick<RowProps, 'fillersOf' | 'afterMs' | 'minPauseMs'> {
  row: number;
  rowId: string;
  words: Word[];
  /** Whether a space is between two of them. */
  isSpaced: typeof needsSpace;
  found: Match[] | undefined;
  current: Match | undefined;
}

function Words(props: WordsProps) {
  const { row, rowId, words, isSpaced, found, current, fillersOf, afterMs, minPauseMs } = props;
  const active = useReader((state) => (state.active.row === row ? state.active.word : -1));
  const marks = useMarks(rowId, words, isSpaced, found, current);
  return words.map((word, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: words have no name, and their order is fixed
    <Fragment key={at}>
      {/* biome-ignore lint/a11y/useSemanticElements: the text of a button element cannot be selected */}
      <span
        role="button"
        tabIndex={at === active ? 0 : -1}
        className="word"
        data-word={at}
        data-start={word.startMs}
        data-end={word.endMs}
        data-filler={fillersOf !== null && isFiller(word.text, fillersOf) ? '' : undefined}
        data-pause={shownPause(word.startMs - (words[at - 1]?.endMs ?? afterMs), minPauseMs)}
        data-unsure={word.confidence < UNSURE_BELOW ? '' : undefined}
        data-found={marks.get(at)}
      >
        {word.text}
      </span>
      {isSpaced(word.text, words[at + 1]?.text ?? '') && ' '}
    </Fragment>
  ));
}

/** Silence before a word as it is written, if it is long enough. */
function shownPause(ms: number, minMs: number): string | undefined {
  return ms >= minMs ? pauseText(ms) : undefined;
}

/** Marks of a row's words: those found, and the current one of Find or of the review. */
export function useMarks(
  rowId: string,
  words: Word[],
  isSpaced: typeof needsSpace,
  found: Match[] | undefined,
  current: Match | undefined,
): Map<number, 'yes' | 'now'> {
  const reviewMs = useReader(({ review }) => (review?.rowId === rowId ? review.startMs : null));
  return useMemo(() => {
    const marks = marksOf(words, isSpaced, found, current);
    const reviewed = words.findIndex(({ startMs }) => startMs === reviewMs);
    if (reviewed >= 0) marks.set(reviewed, 'now');
    return marks;
  }, [words, isSpaced, found, current, reviewMs]);
}

/** Which words are found, and which belong to the match one is at. */
function marksOf(
  words: Word[],
  isSpaced: typeof needsSpace,
  found: Match[] | undefined,
  current: Match | undefined,
): Map<number, 'yes' | 'now'> {
  const marks = new Map<number, 'yes' | 'now'>();
  const texts = words.map((word) => word.text);
  for (const match of found ?? [])
    for (const at of wordsOfMatch(texts, match, isSpaced)) marks.set(at, 'yes');
  if (current) for (const at of wordsOfMatch(texts, current, isSpaced)) marks.set(at, 'now');
  return marks;
}

/** Gives the active word the focus when it was moved here and its words are there. */
function useFocusOnActive(row: number, ready: boolean) {
  const { reader } = useTools();
  const element = useRef<HTMLSpanElement>(null);
  const active = useReader((state) => (state.active.row === row ? state.active.word : -1));
  useEffect(() => {
    if (active < 0 || !ready || !reader.getState().focusWanted) return;
    const word = element.current?.querySelector<HTMLElement>(`[data-word="${active}"]`);
    if (!word) return;
    reader.setState({ focusWanted: false });
    word.focus();
  }, [active, ready, reader]);
  return element;
}
