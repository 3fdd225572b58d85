import { z } from 'zod';
import { isPrivateSession } from '@/lib/core';
import { libraryName, type TranscriptLibraryId } from './library';
import { isPrivateLibrary, newPrivateLibrary } from './library-files';

/**
 * Where a browser keeps who is signed in: all tabs can read it before the first paint, without a
 * network. An account (`{ id, … }`), or `null` after signing out; missing if nobody has ever signed in.
 */
export const ACCOUNT_KEY = 'ai2text:account';

const storedAccount = z.object({ id: z.uuid() }).nullable().catch(null);

/** The library of the user who is signed in now, as stored in this browser; a private session has its own. */
export function libraryNow(): TranscriptLibraryId {
  if (isPrivateSession()) return currentLibrary();
  try {
    return storedAccount.parse(JSON.parse(localStorage.getItem(ACCOUNT_KEY) ?? 'null'))?.id ?? null;
  } catch {
    return null; // storage is switched off in this browser, or holds something else
  }
}

let pageLibrary: TranscriptLibraryId | undefined;

/**
 * The library of this page. Decided at the first call and never changed: work that is still running
 * when another user signs in finishes in the library it began in. The other user gets a new page.
 */
export function currentLibrary(): TranscriptLibraryId {
  // `null` is a valid value, too
  if (pageLibrary === undefined)
    pageLibrary = isPrivateSession() ? newPrivateLibrary() : libraryNow();
  return pageLibrary;
}

/** Whose library this page has; `null` if it is not an account's. */
export function currentAccount(): string | null {
  const library = currentLibrary();
  return isPrivateLibrary(library) ? null : library;
}

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
