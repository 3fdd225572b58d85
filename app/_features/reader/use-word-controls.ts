'use client';

import { type RefObject, useEffect, useMemo } from 'react';
import { isMoveKey, mirrored, moveWord, type WordPlace } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { wordsInText } from '@/lib/transcript';
import { useTools } from './context';
import { updateFollow } from './reader-state';

/**
 * Takes clicks and keys for all words of a region, with one listener each. A word pressed is
 * played; arrow keys move the one tab stop from word to word.
 */
export function useWordControls(
  region: RefObject<HTMLElement | null>,
  segments: readonly SegmentRecord[],
): void {
  const { playback, reader } = useTools();
  const counts = useMemo(
    // none stored: older builds, or a text without times
    () => segments.map(({ text, wordCount }) => wordCount || wordsInText(text).length),
    [segments],
  );

  useEffect(() => {
    const element = region.current;
    if (!element) return;
    const scope = new AbortController();

    const press = (startMs: number) => {
      updateFollow(reader, 'sought');
      playback.seek(startMs, { play: true });
    };

    element.addEventListener(
      'click',
      ({ target }) => {
        if (!(target instanceof HTMLElement)) return;
        const { start } = target.dataset;
        // a click that ends a selection is not a press
        if (start === undefined || !window.getSelection()?.isCollapsed) return;
        const place = placeOf(target);
        if (reader.getState().editing) {
          // the caret is where it was pressed: the sound goes there too
          updateFollow(reader, 'sought');
          playback.seek(Number(start));
          return;
        }
        if (place) {
          reader.setState({ active: place });
          // else the next space or arrow key would go to the word and not to the player
          target.blur();
        }
        press(Number(start));
      },
      { signal: scope.signal },
    );

    element.addEventListener(
      'keydown',
      (event) => {
        const { target, key } = event;
        if (!(target instanceof HTMLElement)) return;
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const place = placeOf(target);
        if (!place) return;
        if (key === 'Enter' || key === ' ') {
          event.preventDefault();
          press(Number(target.dataset.start));
        } else if (isMoveKey(key)) {
          event.preventDefault();
          // who walks through the words is not taken back to the spoken one
          if (playback.store.getState().playing) updateFollow(reader, 'scrolled');
          const isMirrored = target.closest<HTMLElement>('[dir]')?.dir === 'rtl';
          const meant = isMirrored ? mirrored(key) : key;
          reader.setState({ active: moveWord(place, meant, counts), focusWanted: true });
        }
      },
      { signal: scope.signal },
    );
    return () => scope.abort();
  }, [region, counts, playback, reader]);
}

function placeOf(element: HTMLElement): WordPlace | null {
  const row = element.closest<HTMLElement>('[data-row]')?.dataset.row;
  const { word } = element.dataset;
  return row === undefined || word === undefined ? null : { row: Number(row), word: Number(word) };
}
