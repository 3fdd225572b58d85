import type { Locks } from '@/lib/pipeline/sources';
import type { Progress, ProgressChannel } from '@/lib/pipeline/views';

/**
 * The browser's locks; over plain http, where there are none, every tab is on its own: two tabs
 * could then begin the same job. The one that stores a batch first goes on, the other lets go.
 */
export function platformLocks(): Locks {
  if (navigator.locks) return navigator.locks;
  let tail: Promise<unknown> = Promise.resolve();
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    const callback = rest.at(-1) as LockGrantedCallback<unknown>; // the last argument, by the API
    const grant = async () => callback({ name, mode: 'exclusive' });
    // only the runner's lock is ever waited for; others are taken at once
    if (!name.endsWith(':runner')) return grant();
    const run = tail.then(grant, grant);
    tail = run.catch(() => undefined); // the caller gets the failure
    return run;
  };
  return { request: request as Locks['request'], query: async () => ({ held: [], pending: [] }) };
}

/** Progress between tabs by `BroadcastChannel`. */
export function platformChannel(): ProgressChannel {
  const channel = new BroadcastChannel('ai2text:progress');
  return {
    post: (progress) => channel.postMessage(progress),
    onMessage: (listener) => {
      const take = (event: MessageEvent<Progress>) => listener(event.data);
      channel.addEventListener('message', take);
      return () => channel.removeEventListener('message', take);
    },
  };
}
