/** Typing is stored when it has stopped for this long, in ms. */
const IDLE_MS = 400;

/** Typing without a stop is stored this often, in ms: a crash costs no more. */
const AT_LEAST_MS = 900;

/** Calls `save` soon after each change, and never later than a second after the first. */
export interface Autosave {
  changed(): void;
  /** Saves now what was not saved. */
  flush(): void;
}

/** @param save stores what has changed */
export function createAutosave(save: () => void): Autosave {
  let idle: ReturnType<typeof setTimeout> | undefined;
  let latest: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const isWaiting = idle !== undefined;
    clearTimeout(idle);
    clearTimeout(latest);
    idle = undefined;
    latest = undefined;
    if (isWaiting) save();
  };
  return {
    changed: () => {
      clearTimeout(idle);
      idle = setTimeout(flush, IDLE_MS);
      latest ??= setTimeout(flush, AT_LEAST_MS);
    },
    flush,
  };
}
