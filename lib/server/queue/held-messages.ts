import 'server-only';

/**
 * Messages by the leases that this process gave. One that is not held on to for a while is forgotten: its lease was
 * ended at another instance, or its worker has ended, and the queue has delivered it to somebody else.
 */
export class HeldMessages<M> {
  /** Those held last are at the end. */
  readonly #held = new Map<string, { message: M; untilMs: number }>();
  readonly #keptMs: number;

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  /** Begins, or goes on, to hold. */
  hold(lease: string, message: M): void {
    const nowMs = performance.now();
    this.#held.delete(lease);
    this.#held.set(lease, { message, untilMs: nowMs + this.#keptMs });
    for (const [old, { untilMs }] of this.#held) {
      if (untilMs > nowMs) break;
      this.#held.delete(old);
    }
  }

  /** Of a lease that this process gave, and that is not forgotten. */
  get(lease: string): M | undefined {
    return this.#held.get(lease)?.message;
  }

  /** The lease is over. */
  drop(lease: string): void {
    this.#held.delete(lease);
  }
}
