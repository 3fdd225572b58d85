import { z } from 'zod';

/**
 * Whose transcript library: the id of an account, or `null` for what is made in this browser while
 * nobody is signed in. Each has its own database, files, channels and locks.
 */
export type TranscriptLibraryId = string | null;

/** The library without an account. Its stored names are those of builds without accounts: never change. */
const SIGNED_OUT_NAME = 'ai2text';

/** What the names of a library's database, channels and locks begin with. */
export function libraryName(library: TranscriptLibraryId): string {
  return library === null ? SIGNED_OUT_NAME : `${SIGNED_OUT_NAME}:${library}`;
}

/** The account whose database has this name; `null` if it is not an account's. */
export function accountOf(databaseName: string): string | null {
  const id = databaseName.slice(SIGNED_OUT_NAME.length + 1);
  return databaseName === libraryName(id) && z.uuid().safeParse(id).success ? id : null;
}
