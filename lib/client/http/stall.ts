import { AppError } from '@/lib/core';

/** A transfer of which nothing moved for so long is given up, in ms. */
const STALLED_MS = 60_000;

/** Watches a transfer: it may take any time, as long as something moves. */
export interface StallWatch {
  /** Fires when nothing moved for too long. */
  signal: AbortSignal;
  /** Something moved. */
  moved(): void;
  /** It is over: nothing fires any more. */
  stop(): void;
}

/** Starts watching. @param afterMs for tests */
export function watchForStall(afterMs = STALLED_MS): StallWatch {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), afterMs);
  };
  moved();
  return { signal: controller.signal, moved, stop: () => clearTimeout(timer) };
}

/**
 * What a stalled transfer fails with. Our server says itself when it is busy, within seconds: what
 * stands still longer is the line.
 */
export function stalled(what: string): AppError {
  return new AppError('CONNECTION_SLOW', `${what} stood still`, { details: { isStalled: true } });
}
