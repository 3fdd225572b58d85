import { isPrivateSession, keepChoice } from '@/lib/core';
import { currentLibrary } from './current-library';
import { libraryName } from './library';

/** Has the prefix of unsaved steps, so that it is removed with them when the library is removed. */
const keyOf = (name: string) => `ai2text:unsaved:${libraryName(currentLibrary())}:setting:${name}`;

/**
 * Keeps the value of a setting until it is stored. This is synchronous, whereas a transaction takes time and is
 * aborted when the page goes away.
 * @returns to be called once it is stored
 */
export function keepSetting(name: string, value: unknown): () => void {
  const [key, kept] = [keyOf(name), JSON.stringify(value)];
  keepChoice(key, kept);
  return () => {
    // another value may be waiting by now
    if (read(key) === kept) keepChoice(key, null);
  };
}

/** The value that an earlier page did not get to store; undefined: none. */
export function keptSetting(name: string): unknown {
  const kept = read(keyOf(name));
  try {
    return kept === null ? undefined : JSON.parse(kept);
  } catch (error) {
    console.warn('What an earlier page kept of a setting cannot be read', error);
    return undefined;
  }
}

function read(key: string): string | null {
  if (isPrivateSession()) return null;
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off in this browser
  }
}
