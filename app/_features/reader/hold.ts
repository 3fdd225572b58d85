import type { Playback } from './playback';

/** What a key or a pedal does while it is down. */
export interface Hold {
  press(): void;
  release(): void;
}

/** Held down, a step is repeated after this long, and then this often, in ms. */
const REPEAT_AFTER_MS = 500;
const REPEAT_EVERY_MS = 300;

/** Played by a pedal it plays again from this long before, in ms: what was being written down. */
const RESUME_EARLIER_MS = 1_500;

/** A step at once, and again and again while it is held: at our speed, since keyboards repeat too fast. */
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

/** The keys that are down with what they do: the event of their release need not have the same name. */
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
