import 'server-only';
import { processSingleton } from './process-singleton';

/** Does work of this process later, once for each name. The process may end before. */
export interface Scheduler {
  /** Plans work that reports its own failures; the plan that its name had is given up. */
  plan(name: string, inMs: number, work: () => Promise<void>): void;
  isPlanned(name: string): boolean;
}

/** A scheduler with timers, which keep no process alive. */
export function createScheduler(): Scheduler & { cancelAll(): void } {
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    plan(name, inMs, work) {
      clearTimeout(timers.get(name));
      const timer = setTimeout(() => {
        timers.delete(name);
        void work();
      }, inMs);
      timers.set(name, timer.unref());
    },
    isPlanned: (name) => timers.has(name),
    cancelAll() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** The scheduler of this process. */
export const scheduler = (): Scheduler => processSingleton('scheduler', createScheduler);
