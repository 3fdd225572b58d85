'use client';

import { type RefObject, useEffect } from 'react';
import type { SegmentRecord } from '@/lib/client/store';
import { useTools } from './context';
import { isFollowing } from './follow';
import { lastStarted } from './locate';
import { updateFollow } from './reader-state';

/** A word stays marked this long after it was said, in ms; over longer pauses none is. */
const LINGER_MS = 800;

/** Keys that scroll the page. */
const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown']);

/**
 * Marks the word being said and keeps it in view. Works on the page's elements directly, once a
 * frame and only while it plays: drawing the rows again would cost far more.
 * @param showRow brings a row into view where it is not
 */
export function useReadAlong(
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
