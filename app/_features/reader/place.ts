import type { Playback } from './playback';

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
