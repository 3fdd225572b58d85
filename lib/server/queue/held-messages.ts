import 'server-only';

/**
 * Messages by the leases that this process gave. One whose hold is not renewed for a while is dropped: its lease was
 * ended by another instance, or its worker is gone and the queue has redelivered the message.
 */
export class HeldMessages<M> {
  /** In order of their last `hold`. */
  readonly #held = new Map<string, { message: M; untilMs: number }>();
  readonly #keptMs: number;

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  /** Holds a message, or renews its hold. */
  hold(lease: string, message: M): void {
    const nowMs = performance.now();
    this.#held.delete(lease);
    this.#held.set(lease, { message, untilMs: nowMs + this.#keptMs });
    for (const [old, { untilMs }] of this.#held) {
      if (untilMs > nowMs) break;
      this.#held.delete(old);
    }
  }

  /** The message of a lease, if this process holds it. */
  get(lease: string): M | undefined {
    return this.#held.get(lease)?.message;
  }

  /** Drops the message of a lease that is over. */
  drop(lease: string): void {
    this.#held.delete(lease);
  }
}
