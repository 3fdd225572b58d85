/**
 * Keeps the promise of a costly step, so that callers share it; a rejection is forgotten, so that
 * the next call tries again.
 */
export function memoizePromise<T>(make: () => Promise<T>): { (): Promise<T>; forget(): void } {
  let kept: Promise<T> | null = null;
  const get = (): Promise<T> => {
    if (kept) return kept;
    const made = make();
    kept = made;
    made.catch(() => {
      if (kept === made) kept = null;
    });
    return made;
  };
  return Object.assign(get, {
    forget: () => {
      kept = null;
    },
  });
}

/** Makes a value on first use, and returns the same one from then on. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
