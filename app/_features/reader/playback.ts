import { createStore, type StoreApi } from 'zustand/vanilla';

/** What a key or a pedal does while it is down. */
export interface Hold {
  press(): void;
  release(): void;
}

/** Held down, a step is repeated after this long, and then this often, in ms. */
const REPEAT_AFTER_MS = 500;
const REPEAT_EVERY_MS = 300;

/** A pedal resumes this long before the pause, in ms: the user was still writing that down. */
const RESUME_EARLIER_MS = 1_500;

/** Steps once, and repeatedly while held: at our own rate, since keyboards repeat too fast. */
export function repeatWhileHeld(step: () => void): Hold {
  let next: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    step();
    next = setTimeout(again, REPEAT_EVERY_MS);
  };
  return {
    press() {
      clearTimeout(next);
      step();
      next = setTimeout(again, REPEAT_AFTER_MS);
    },
    release: () => clearTimeout(next),
  };
}

/** Plays while it is held. */
export function playWhileHeld(playback: Playback): Hold {
  return {
    press: () => playback.hold(true, { resumeEarlierMs: RESUME_EARLIER_MS }),
    release: () => playback.hold(false),
  };
}

type Key = Pick<KeyboardEvent, 'code' | 'key'>;

/** The keys that are held, by their place: the event of a key's release may have another `key`. */
export class HeldKeys {
  private readonly held = new Map<string, Hold>();

  /** A key goes down, or the keyboard repeats it. */
  press(key: Key, hold: Hold): void {
    if (this.held.has(placeOf(key))) return;
    this.held.set(placeOf(key), hold);
    hold.press();
  }

  release(key: Key): void {
    // macOS does not report the release of a key while the command key is down
    if (key.key === 'Meta') this.releaseAll();
    this.held.get(placeOf(key))?.release();
    this.held.delete(placeOf(key));
  }

  /** The page no longer gets key events. */
  releaseAll(): void {
    for (const hold of this.held.values()) hold.release();
    this.held.clear();
  }
}

/** A key by its place; keys of some pedals have none. */
const placeOf = ({ code, key }: Key) => code || key;

/** Speeds offered; the setting allows 0.5 to 3. */
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** How far the skip buttons and the arrow keys go, in ms. */
export const SKIP_MS = 5_000;

/** How much slower it plays while somebody types, and how long after the last key, in ms. */
const SLOWER = 0.7;
const TYPING_MS = 1_200;

/** A loop counts as over this long before its end, in ms. */
const LOOP_TOLERANCE_MS = 20;

/** A part of the recording, in ms. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}

export interface PlaybackState {
  /**
   * `none` while there is no recording to play; `coming`: there will be one in a moment; `unplayable`: this browser
   * cannot play its kind.
   */
  status: 'none' | 'coming' | 'ready' | 'unplayable';
  playing: boolean;
  /** It was told to play while its recording is still coming, and will when that is there. */
  willPlay: boolean;
  /** Where it is, updated a few times a second; `nowMs` is exact. */
  timeMs: number;
  rate: number;
  /** It plays more slowly while somebody types. */
  slowsForTyping: boolean;
  /** What is repeated: at its end the player goes back to its start. */
  loop: TimeRange | null;
}

/** The player of one transcript, apart from the element that makes the sound. */
export interface Playback {
  store: StoreApi<PlaybackState>;
  /** Whether a recording is coming: until it is there, the player remembers what it is told. */
  setComing(isComing: boolean): void;
  /** Takes over a media element. @returns releases it */
  attach(element: HTMLMediaElement): () => void;
  /** The exact position in ms. */
  nowMs(): number;
  /** @param resumeEarlierMs how far before the last pause it resumes, unless the position was moved since */
  toggle(options?: { resumeEarlierMs: number }): void;
  /** Plays while something is held, and pauses when it is released. */
  hold(isHeld: boolean, options?: { resumeEarlierMs: number }): void;
  /** Called when the user types: it plays more slowly for a moment, if that setting is on. */
  typed(): void;
  /** Whether somebody has typed since it began to play. */
  wasTypedIn(): boolean;
  setSlowsForTyping(slows: boolean): void;
  /** Goes to a position; `play` starts there if it does not play already. */
  seek(ms: number, options?: { play: boolean }): void;
  skip(byMs: number): void;
  setRate(rate: number): void;
  /** Repeats a part: at its end the player jumps back. A position after it is left alone. */
  setLoop(loop: TimeRange | null): void;
}

/** The next speed up (1) or down (-1) from the one in use. */
export function stepRate(rate: number, by: -1 | 1): number {
  const faster = RATES.find((one) => one > rate) ?? rate;
  const slower = RATES.findLast((one) => one < rate) ?? rate;
  return by === 1 ? faster : slower;
}

/** Whether there is something to play, or will be in a moment. */
export function hasSound({ status }: Pick<PlaybackState, 'status'>): boolean {
  return status === 'ready' || status === 'coming';
}

/** Makes a player with nothing to play yet. */
export function createPlayback(): Playback {
  const store = createStore<PlaybackState>(() => ({
    status: 'none',
    playing: false,
    willPlay: false,
    timeMs: 0,
    rate: 1,
    slowsForTyping: false,
    loop: null,
  }));
  /** Where it was paused by `toggle`; `null`: it plays, or was moved since. */
  let pausedMs: number | null = null;
  let hasTyped = false;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let loopEnd: ReturnType<typeof setTimeout> | undefined;
  let element: HTMLMediaElement | null = null;

  // an element that cannot play has no useful position
  const nowMs = () => {
    const { status, timeMs } = store.getState();
    return element === null || status === 'unplayable'
      ? timeMs
      : Math.round(element.currentTime * 1000);
  };

  const isPaused = () => (element ? element.paused : !store.getState().willPlay);

  const play = () => {
    if (!element) {
      store.setState(({ status }) => ({ willPlay: status === 'coming' }));
      return;
    }
    // rejects if it is paused at once, if the browser wants another press first, or if the format cannot be played,
    // which `error` reports
    element.play().catch(() => store.setState({ playing: false, willPlay: false }));
  };

  const pause = () => {
    if (element) element.pause();
    else store.setState({ willPlay: false });
  };

  const seek = (ms: number, options = { play: false }) => {
    const target = Math.max(0, ms);
    pausedMs = null;
    // kept also while nothing is attached: the text shows where one is
    store.setState({ timeMs: target });
    if (element) element.currentTime = target / 1000;
    if (options.play && isPaused()) play();
  };

  const toggle: Playback['toggle'] = ({ resumeEarlierMs } = { resumeEarlierMs: 0 }) => {
    if (!element && store.getState().status !== 'coming') return;
    if (isPaused()) {
      if (pausedMs !== null && resumeEarlierMs > 0) seek(pausedMs - resumeEarlierMs);
      play();
    } else {
      pause();
      pausedMs = element && nowMs();
    }
  };

  /** Waits for the end of the loop: `timeupdate` comes too seldom for a part as short as a word. */
  const watchLoop = () => {
    clearTimeout(loopEnd);
    const { loop } = store.getState();
    if (!element || element.paused || !loop) return;
    const leftMs = loop.toMs - nowMs();
    if (leftMs <= 0) return;
    loopEnd = setTimeout(() => {
      if (!element || element.paused) return;
      // audio and page clocks differ slightly
      if (loop.toMs - nowMs() > LOOP_TOLERANCE_MS) watchLoop();
      else seek(loop.fromMs);
    }, leftMs / element.playbackRate);
  };

  const ended = () => {
    const { loop } = store.getState();
    // a loop up to the end of the recording
    if (loop && nowMs() - loop.toMs < LOOP_TOLERANCE_MS) seek(loop.fromMs, { play: true });
    else store.setState({ playing: false });
  };

  return {
    store,
    nowMs,
    seek,
    setLoop(loop) {
      store.setState({ loop });
      watchLoop();
    },
    setComing(isComing) {
      if (element) return;
      store.setState(isComing ? { status: 'coming' } : { status: 'none', willPlay: false });
    },
    attach(added) {
      element = added;
      const scope = new AbortController();
      const on = (type: keyof HTMLMediaElementEventMap, listener: () => void) =>
        added.addEventListener(type, listener, { signal: scope.signal });
      const report = () => {
        store.setState({ timeMs: nowMs() });
        watchLoop();
      };
      const { timeMs, rate } = store.getState();
      added.playbackRate = rate;
      added.defaultPlaybackRate = rate;
      if (timeMs > 0) added.currentTime = timeMs / 1000;
      on('timeupdate', report);
      on('seeked', report);
      on('ratechange', watchLoop);
      on('play', () => {
        hasTyped = false;
        store.setState({ playing: true, willPlay: false });
        watchLoop();
      });
      on('pause', () => store.setState({ playing: false }));
      on('ended', ended);
      on('error', () => store.setState({ status: 'unplayable', playing: false, willPlay: false }));
      store.setState({ status: added.error ? 'unplayable' : 'ready', playing: !added.paused });
      if (store.getState().willPlay) play();
      return () => {
        const at = nowMs();
        scope.abort();
        clearTimeout(loopEnd);
        element = null;
        store.setState({ status: 'none', playing: false, willPlay: false, timeMs: at });
      };
    },
    toggle,
    hold(isHeld, options) {
      if (isPaused() === isHeld) toggle(options);
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
