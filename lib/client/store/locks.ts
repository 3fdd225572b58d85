import { currentLibrary } from './current-library';
import { libraryName } from './library';

/** The part of `navigator.locks` that the app uses. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/**
 * The browser's locks. Over plain http there are none, and two tabs could start the same job: the one
 * that stores a batch first continues, the other withdraws.
 */
export function platformLocks(): Locks {
  if (navigator.locks) return navigator.locks;
  let tail: Promise<unknown> = Promise.resolve();
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    const callback = rest.at(-1) as LockGrantedCallback<unknown>; // the last argument, by the API
    const grant = async () => callback({ name, mode: 'exclusive' });
    // only the runner's lock is ever waited for; others are granted at once
    if (!name.endsWith(':runner')) return grant();
    const run = tail.then(grant, grant);
    tail = run.catch(() => undefined); // the caller gets the failure
    return run;
  };
  return { request: request as Locks['request'], query: async () => ({ held: [], pending: [] }) };
}

/** What the names of locks of the pipeline, of recordings and of the exchange begin with. */
const ANY_LIBRARY = 'ai2text:';

/** The browser's locks, limited to names of this page's library. */
export function libraryLocks(): Locks {
  const own = `${libraryName(currentLibrary())}:`;
  const locks = platformLocks();
  const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
    // the other arguments are passed on unchanged, whichever overload they belong to
    const platform = locks.request as (name: string, ...rest: unknown[]) => Promise<unknown>;
    return platform.call(locks, own + name.slice(ANY_LIBRARY.length), ...rest);
  };
  return {
    request: request as Locks['request'],
    async query() {
      const { held = [] } = await locks.query();
      const mine = held.filter(({ name }) => name?.startsWith(own));
      const named = ({ name = '', ...lock }: LockInfo) => ({
        ...lock,
        name: ANY_LIBRARY + name.slice(own.length),
      });
      return { held: mine.map(named) };
    },
  };
}
