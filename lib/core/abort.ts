import { AppError } from './errors';

/** Throws `ABORTED` when the signal has fired. Called between the steps of long work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** The error that stands for this signal's abort; its reason is kept as the cause. */
export function abortError(signal: AbortSignal): AppError {
  return new AppError('ABORTED', 'The operation was aborted.', { cause: signal.reason });
}

/**
 * Runs `onAbort` once when the signal fires (at once if it has).
 * @returns a function that stops listening
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => undefined;
  if (signal.aborted) {
    callback();
    return () => undefined;
  }
  signal.addEventListener('abort', callback, { once: true });
  return () => signal.removeEventListener('abort', callback);
}

/** Resolves after `ms` milliseconds; rejects with `ABORTED` when the signal fires first. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const stop = onAbort(signal, () => {
      clearTimeout(timer);
      if (signal) reject(abortError(signal));
    });
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, ms);
  });
}

/**
 * Passes on how a promise ended, after `release`. `finally` would make four more promises, and requests and pieces of
 * bodies all come through here.
 */
function passOn<T>(
  promise: Promise<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
  release: () => void,
): void {
  promise.then(
    (value) => {
      release();
      resolve(value);
    },
    (reason) => {
      release();
      reject(reason);
    },
  );
}

/** The promise's result, or `ABORTED` as soon as the signal fires; the work itself continues. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(abortError(signal)));
    passOn(promise, resolve, reject, stop);
  });
}

/**
 * The promise's result, or a rejection with what `late` makes when it takes too long. The work itself
 * continues unless `late` ends it.
 * @param ms the longest that it may take
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    passOn(promise, resolve, reject, () => clearTimeout(timer));
  });
}

/** Watches work that may take any time, as long as something moves. */
interface StallWatch {
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
