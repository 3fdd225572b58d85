'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryKeys } from '@/app/_features/app';
import { positionInAddress } from '@/app/_features/ui';
import { getPlaybackPosition, getSetting, savePlaybackPosition } from '@/lib/client/store';
import { useTools } from './context';
import type { Playback } from './playback';
import { updateFollow } from './reader-state';

/** While it plays, the place is kept again after this much, in ms: a crash costs no more. */
const KEPT_EVERY_MS = 5_000;

/** Where a place is kept between two visits. */
export interface PlaceStore {
  /** `null`: from the start. */
  read(): Promise<number | null>;
  keep(placeMs: number): void;
}

/**
 * Goes to where one stopped the last time, unless one is somewhere already, and keeps where one is from
 * then on: every few seconds, at each pause, when the page is hidden, and at the end.
 * @param target where `pagehide` comes
 * @returns ends it
 */
export function followPlace({ store, seek }: Playback, place: PlaceStore, target: EventTarget) {
  let keptMs = store.getState().timeMs;
  let over = false;
  const keep = () => {
    const { timeMs } = store.getState();
    if (timeMs === keptMs) return;
    keptMs = timeMs;
    place.keep(timeMs);
  };
  place.read().then(
    (placeMs) => {
      const { timeMs, playing } = store.getState();
      if (over || placeMs === null || timeMs > 0 || playing) return;
      keptMs = placeMs;
      seek(placeMs);
    },
    (error: unknown) => console.warn('The place in the recording is not known', error),
  );
  const stop = store.subscribe((now, before) => {
    if (Math.abs(now.timeMs - keptMs) >= KEPT_EVERY_MS || (before.playing && !now.playing)) keep();
  });
  target.addEventListener('pagehide', keep);
  return () => {
    over = true;
    stop();
    target.removeEventListener('pagehide', keep);
    keep();
  };
}

/** Speed and follow-along as left the last time; the place asked for in the address. */
export function useStoredChoices(): void {
  const { playback, reader } = useTools();
  const { data: rate } = useQuery({
    queryKey: queryKeys.setting('playbackRate'),
    queryFn: () => getSetting('playbackRate'),
  });
  const { data: follow } = useQuery({
    queryKey: queryKeys.setting('followAlong'),
    queryFn: () => getSetting('followAlong'),
  });
  const { data: slows } = useQuery({
    queryKey: queryKeys.setting('slowWhileTyping'),
    queryFn: () => getSetting('slowWhileTyping'),
  });
  const { data: shortcutChanges } = useQuery({
    queryKey: queryKeys.setting('shortcuts'),
    queryFn: () => getSetting('shortcuts'),
  });
  const { data: pedals } = useQuery({
    queryKey: queryKeys.setting('pedals'),
    queryFn: () => getSetting('pedals'),
  });
  useEffect(() => {
    if (pedals !== undefined) reader.setState({ pedals });
  }, [reader, pedals]);
  useEffect(() => {
    if (shortcutChanges !== undefined) reader.setState({ shortcutChanges });
  }, [reader, shortcutChanges]);
  useEffect(() => {
    if (slows !== undefined) playback.setSlowsForTyping(slows);
  }, [playback, slows]);
  useEffect(() => {
    if (rate !== undefined) playback.setRate(rate);
  }, [playback, rate]);
  useEffect(() => {
    if (follow !== undefined) updateFollow(reader, follow ? 'enable' : 'disable');
  }, [reader, follow]);
  useEffect(() => {
    const at = positionInAddress();
    if (at !== null) playback.seek(at);
  }, [playback]);
}

/** The place where one stopped to listen, from visit to visit. */
export function usePlace(id: string): void {
  const { playback } = useTools();
  useEffect(() => {
    const place = {
      // a place in the address is wanted more
      read: async () => (positionInAddress() === null ? getPlaybackPosition(id) : null),
      keep: (placeMs: number) => {
        // nobody waits for it, and the next one is kept soon
        savePlaybackPosition(id, placeMs).catch((error: unknown) =>
          console.warn('The place in the recording was not kept', error),
        );
      },
    };
    return followPlace(playback, place, window);
  }, [id, playback]);
}
