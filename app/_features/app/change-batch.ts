import type { Change } from '@/lib/client/store';

/**
 * Gathers changes and hands on each distinct one at most once per `everyMs`: the first at once,
 * those of the same kind that follow together at the end. A job that stores several batches a
 * second would otherwise have the page read its transcript as often.
 */
export function batchChanges(
  apply: (change: Change) => void,
  everyMs: number,
): { add: (change: Change) => void; dispose: () => void } {
  const waiting = new Map<string, Change>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const rest = (key: string) => {
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        const change = waiting.get(key);
        if (!change) return;
        waiting.delete(key);
        apply(change);
        rest(key);
      }, everyMs),
    );
  };

  return {
    add: (change) => {
      // each edit is another one: none stands for the others
      if (change.patch) {
        apply(change);
        return;
      }
      const key = `${change.kind}:${change.id}`;
      if (timers.has(key)) {
        waiting.set(key, change);
        return;
      }
      apply(change);
      rest(key);
    },
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      waiting.clear();
    },
  };
}
