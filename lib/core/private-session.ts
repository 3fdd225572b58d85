/** Says that this tab is private; lasts as long as the tab, and holds nothing else. */
const KEY = 'ai2text:private';

/** What a page has and a worker has not. */
interface PageStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** In pages both are there, but reading them throws where storage is switched off. */
const page = globalThis as { sessionStorage?: PageStorage; localStorage?: PageStorage };

let isPrivate: boolean | undefined;

/**
 * Whether this tab keeps everything in memory: no database, no files, nothing in `localStorage`. Decided when
 * the page loads; a reload empties a private session, and does not end it.
 */
export function isPrivateSession(): boolean {
  isPrivate ??= readKey();
  return isPrivate;
}

function readKey(): boolean {
  try {
    return page.sessionStorage?.getItem(KEY) === '1';
  } catch {
    return false; // storage is switched off in this browser
  }
}

/**
 * Makes the next page of this tab begin or end a private session; the caller has to load one. What is in
 * memory now is lost.
 * @returns whether this browser can do that
 */
export function setPrivateSession(wanted: boolean): boolean {
  try {
    if (wanted) page.sessionStorage?.setItem(KEY, '1');
    else page.sessionStorage?.removeItem(KEY);
    return true;
  } catch {
    return false; // storage is switched off in this browser
  }
}

/** Stores a small choice for later visits; not in a private session, nor where storage is switched off. */
export function keepChoice(key: string, value: string | null): void {
  if (isPrivateSession()) return;
  try {
    if (value === null) page.localStorage?.removeItem(key);
    else page.localStorage?.setItem(key, value);
  } catch {
    // storage is switched off in this browser: the choice holds until the page is left
  }
}
