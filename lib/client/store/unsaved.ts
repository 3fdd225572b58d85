import { keepChoice } from '@/lib/core';
import { currentLibrary } from './current-library';
import { libraryName, type TranscriptLibraryId } from './library';

const prefixOf = (library: TranscriptLibraryId) => `ai2text:unsaved:${libraryName(library)}:`;

/**
 * Keeps a value until it is stored. This is synchronous, whereas a transaction takes time and is aborted when the
 * page goes away.
 * @param name unique in a library; at most two parts, divided by a colon. What belongs to a transcript has its id between
 * colons or slashes.
 * @returns the value as it is kept
 */
export function keepValue(name: string, value: unknown): string {
  const kept = JSON.stringify(value);
  keepChoice(prefixOf(currentLibrary()) + name, kept);
  return kept;
}

/** Drops a value that is stored, or never will be. */
export function dropValue(name: string, library = currentLibrary()): void {
  keepChoice(prefixOf(library) + name, null);
}

/** A value as it is kept; `null`: it is not. */
export function readKept(name: string, library = currentLibrary()): string | null {
  try {
    return localStorage.getItem(prefixOf(library) + name);
  } catch {
    return null; // storage is switched off in this browser
  }
}

/** The value that an earlier page did not get to store; undefined: none that can be read. */
export function keptValue(name: string, library = currentLibrary()): unknown {
  const kept = readKept(name, library);
  try {
    return kept === null ? undefined : JSON.parse(kept);
  } catch (error) {
    console.warn('What an earlier page kept cannot be read', error);
    return undefined;
  }
}

/** The names of what is kept of a library, in order. @param start what they begin with */
export function keptNames(start = '', library = currentLibrary()): string[] {
  const prefix = prefixOf(library);
  try {
    return (
      Object.keys(localStorage)
        .filter((key) => key.startsWith(prefix + start))
        .map((key) => key.slice(prefix.length))
        // the names of accounts' libraries begin like that of the library of those who are signed out
        .filter((name) => name.split(':').length <= 2)
        .sort()
    );
  } catch {
    return []; // storage is switched off in this browser
  }
}

/** Keeps a value while a step stores it; one that fails leaves it to the next page. */
export async function storeKept<T>(
  name: string,
  value: unknown,
  step: () => Promise<T>,
): Promise<T> {
  const kept = keepValue(name, value);
  const result = await step();
  // another value may be waiting by now
  if (readKept(name) === kept) dropValue(name);
  return result;
}

/** Moves what pages kept of a transcript into another library. */
export function moveKept(from: TranscriptLibraryId, to: TranscriptLibraryId, id: string): void {
  for (const name of keptNames('', from)) {
    const kept = readKept(name, from);
    if (!name.split(/[:/]/).includes(id)) continue;
    // first, so that there is room for it
    dropValue(name, from);
    keepChoice(prefixOf(to) + name, kept);
  }
}

/** Removes what pages kept of a library. */
export function dropAllKept(library: TranscriptLibraryId): void {
  for (const name of keptNames('', library)) dropValue(name, library);
}
