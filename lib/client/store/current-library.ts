import { z } from 'zod';
import { isPrivateSession } from '@/lib/core';
import type { TranscriptLibraryId } from './library';
import { isPrivateLibrary, newPrivateLibrary } from './private-library';

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
