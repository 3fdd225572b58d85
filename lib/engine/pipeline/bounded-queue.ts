import { abortError, onAbort } from '@/lib/core';

/**
 * Joins two stages: `put` waits while the queue is full, `take` while it is empty. When the
 * signal fires both reject with `ABORTED`, so that no stage waits for one that is gone.
 */
export class BoundedQueue<T> {
  private readonly items: T[] = [];
  private readonly wakeUps = new Set<() => void>();
  private ended = false;

  /** @param capacity items that may wait */
  constructor(
    private readonly capacity: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Adds an item once there is room. */
  async put(item: T): Promise<void> {
    while (this.items.length >= this.capacity) await this.changed();
    this.items.push(item);
    this.wake();
  }

  /** No more items will come. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  /** The oldest item, or `null` when the queue has ended and is empty. */
  async take(): Promise<T | null> {
    while (this.items.length === 0) {
      if (this.ended) return null;
      await this.changed();
    }
    const item = this.items.shift() as T; // not empty: checked above
    this.wake();
    return item;
  }

  private wake(): void {
    const waiting = [...this.wakeUps];
    this.wakeUps.clear();
    for (const wakeUp of waiting) wakeUp();
  }

  private changed(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.signal.aborted) {
        reject(abortError(this.signal));
        return;
      }
      const stop = onAbort(this.signal, () => {
        this.wakeUps.delete(wakeUp);
        reject(abortError(this.signal));
      });
      const wakeUp = () => {
        stop();
        resolve();
      };
      this.wakeUps.add(wakeUp);
    });
  }
}
