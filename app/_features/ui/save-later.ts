/** Stores the newest of many quick changes once they pause, or at once when asked. */
export interface LaterSaver<T> {
  set(value: T): void;
  /** Stores now what still waits. */
  flush(): void;
}

/** @param afterMs how long changes must pause */
export function saveLater<T>(save: (value: T) => void, afterMs: number): LaterSaver<T> {
  let waiting: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    const last = waiting;
    waiting = null;
    if (last) save(last.value);
  };
  return {
    set: (value) => {
      waiting = { value };
      clearTimeout(timer);
      timer = setTimeout(flush, afterMs);
    },
    flush,
  };
}
