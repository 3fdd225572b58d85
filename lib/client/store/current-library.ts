import { z } from 'zod';
import type { TranscriptLibraryId } from './library';

/**
 * Where a browser keeps who is signed in: all tabs can read it before the first paint, without a
 * network. An account (`{ id, … }`), `null` for signed out since; missing: nobody ever.
 */
export const ACCOUNT_KEY = 'ai2text:account';

const storedAccount = z.object({ id: z.uuid() }).nullable().catch(null);

/** The library of whoever is signed in now, as this browser has noted it. */
export function libraryNow(): TranscriptLibraryId {
  try {
    return storedAccount.parse(JSON.parse(localStorage.getItem(ACCOUNT_KEY) ?? 'null'))?.id ?? null;
  } catch {
    return null; // storage is switched off in this browser, or holds something else
  }
}

let pageLibrary: TranscriptLibraryId | undefined;

/**
 * The library of this page. Decided when it is first asked for, and never changed: whatever is still
 * under way when somebody else signs in ends where it began. Who they are gets a new page.
 */
export function currentLibrary(): TranscriptLibraryId {
  // `null` is an answer, too
  if (pageLibrary === undefined) pageLibrary = libraryNow();
  return pageLibrary;
}
