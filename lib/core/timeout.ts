/**
 * The promise's result, or a rejection with what `late` makes when it takes too long. The work itself
 * continues unless `late` ends it.
 * @param ms the longest that it may take
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Watches work that may take any time, as long as something moves. */
export interface StallWatch {
  /** Fires when nothing moved for too long. */
  signal: AbortSignal;
  /** Something moved. */
  moved(): void;
  /** It is over: nothing fires any more. */
  stop(): void;
}

/** Starts watching. @param afterMs the longest that nothing may move */
export function watchForStall(afterMs: number): StallWatch {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), afterMs);
  };
  moved();
  return { signal: controller.signal, moved, stop: () => clearTimeout(timer) };
}
