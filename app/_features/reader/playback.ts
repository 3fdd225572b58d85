import { createStore, type StoreApi } from 'zustand/vanilla';

/** Speeds offered; the setting allows 0.5 to 3. */
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** How far the skip buttons and the arrow keys go, in ms. */
export const SKIP_MS = 5_000;

/** How much slower it plays while somebody types, and how long after the last key, in ms. */
const SLOWER = 0.7;
const TYPING_MS = 1_200;

export interface PlaybackState {
  /** `none` while there is no recording to play; `unplayable`: this browser cannot play its kind. */
  status: 'none' | 'ready' | 'unplayable';
  playing: boolean;
  /** Where it is, told a few times a second; `nowMs` is exact. */
  timeMs: number;
  rate: number;
  /** It plays more slowly while somebody types. */
  slowsForTyping: boolean;
}

/** The player of one transcript, apart from the element that makes the sound. */
export interface Playback {
  store: StoreApi<PlaybackState>;
  /** Takes an element over. @returns lets it go */
  attach(element: HTMLMediaElement): () => void;
  /** The exact position in ms. */
  nowMs(): number;
  /** @param resumeEarlierMs how far before the last pause it resumes, unless the position was moved since */
  toggle(options?: { resumeEarlierMs: number }): void;
  /** Somebody types: it plays more slowly for a moment, if that is wanted. */
  typed(): void;
  /** Whether somebody has typed since it began to play. */
  wasTypedIn(): boolean;
  setSlowsForTyping(slows: boolean): void;
  /** Goes to a position; `play` starts there if it does not play already. */
  seek(ms: number, options?: { play: boolean }): void;
  skip(byMs: number): void;
  setRate(rate: number): void;
}

/** The next speed up (1) or down (-1) from the one in use. */
export function stepRate(rate: number, by: -1 | 1): number {
  const faster = RATES.find((one) => one > rate) ?? rate;
  const slower = RATES.findLast((one) => one < rate) ?? rate;
  return by === 1 ? faster : slower;
}

/** Makes a player with nothing to play yet. */
export function createPlayback(): Playback {
  const store = createStore<PlaybackState>(() => ({
    status: 'none',
    playing: false,
    timeMs: 0,
    rate: 1,
    slowsForTyping: false,
  }));
  /** Where it was paused by `toggle`; `null`: it plays, or was moved since. */
  let pausedMs: number | null = null;
  let hasTyped = false;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let element: HTMLMediaElement | null = null;

  // what cannot be played keeps no position of its own
  const nowMs = () => {
    const { status, timeMs } = store.getState();
    return element === null || status === 'unplayable'
      ? timeMs
      : Math.round(element.currentTime * 1000);
  };

  const play = () => {
    // it fails when a pause comes at once, or the kind cannot be played: `error` tells of the latter
    element?.play().catch(() => store.setState({ playing: false }));
  };

  const seek = (ms: number, options = { play: false }) => {
    const target = Math.max(0, ms);
    pausedMs = null;
    // kept also while nothing is attached: the text shows where one is
    store.setState({ timeMs: target });
    if (element) element.currentTime = target / 1000;
    if (options.play && element?.paused) play();
  };

  return {
    store,
    nowMs,
    seek,
    attach(added) {
      element = added;
      const scope = new AbortController();
      const on = (type: keyof HTMLMediaElementEventMap, listener: () => void) =>
        added.addEventListener(type, listener, { signal: scope.signal });
      const tell = () => store.setState({ timeMs: nowMs() });
      const { timeMs, rate } = store.getState();
      added.playbackRate = rate;
      added.defaultPlaybackRate = rate;
      if (timeMs > 0) added.currentTime = timeMs / 1000;
      on('timeupdate', tell);
      on('seeked', tell);
      on('play', () => {
        hasTyped = false;
        store.setState({ playing: true });
      });
      on('pause', () => store.setState({ playing: false }));
      on('ended', () => store.setState({ playing: false }));
      on('error', () => store.setState({ status: 'unplayable', playing: false }));
      store.setState({ status: added.error ? 'unplayable' : 'ready', playing: !added.paused });
      return () => {
        const at = nowMs();
        scope.abort();
        element = null;
        store.setState({ status: 'none', playing: false, timeMs: at });
      };
    },
    toggle({ resumeEarlierMs } = { resumeEarlierMs: 0 }) {
      if (!element) return;
      if (element.paused) {
        if (pausedMs !== null && resumeEarlierMs > 0) seek(pausedMs - resumeEarlierMs);
        play();
      } else {
        element.pause();
        pausedMs = nowMs();
      }
    },
    wasTypedIn: () => hasTyped,
    setSlowsForTyping: (slowsForTyping) => store.setState({ slowsForTyping }),
    typed() {
      hasTyped = true;
      const { slowsForTyping, playing, rate } = store.getState();
      if (!element || !slowsForTyping || !playing) return;
      const playingElement = element;
      playingElement.playbackRate = Math.max(0.5, rate * SLOWER);
      clearTimeout(typing);
      typing = setTimeout(() => {
        playingElement.playbackRate = store.getState().rate;
      }, TYPING_MS);
    },
    skip: (byMs) => seek(nowMs() + byMs),
    setRate(rate) {
      store.setState({ rate });
      if (!element) return;
      element.defaultPlaybackRate = rate;
      element.playbackRate = rate;
    },
  };
}
