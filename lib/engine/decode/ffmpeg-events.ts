import { type AppError, onAbort, throwIfAborted } from '@/lib/core';

/** What a run of ffmpeg reports, in order. */
export type FfmpegEvent =
  /** A line of its log. */
  | { kind: 'line'; line: string }
  /** Output. Until it is read ffmpeg may block. */
  | { kind: 'output'; read(onBytes: (bytes: Uint8Array) => void): void }
  /** The run is over; `status` 0 is success. */
  | { kind: 'ended'; status: number };

/** Events of an ffmpeg until its one reader takes them. */
export class FfmpegEvents {
  readonly #waiting: (FfmpegEvent | AppError)[] = [];
  #wake: (() => void) | null = null;

  /** Adds an event, or a failure, which `next` throws in its turn. */
  push(event: FfmpegEvent | AppError): void {
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** Adds a failure before which nothing else counts. */
  fail(error: AppError): void {
    this.#waiting.length = 0;
    this.push(error);
  }

  /** Waits for the next event. An aborted call loses none. */
  async next(signal: AbortSignal): Promise<FfmpegEvent> {
    for (;;) {
      throwIfAborted(signal);
      const event = this.#waiting.shift();
      if (event instanceof Error) throw event;
      if (event) return event;
      await this.#arrival(signal);
    }
  }

  async #arrival(signal: AbortSignal): Promise<void> {
    let stop: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      stop = onAbort(signal, resolve);
    });
    stop();
    this.#wake = null;
  }
}
