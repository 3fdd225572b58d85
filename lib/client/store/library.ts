import { z } from 'zod';

/**
 * Whose library: the id of an account, or `null` for what is made in this browser while nobody is
 * signed in. Each has a database, files, channels and locks of its own.
 */
export type TranscriptLibraryId = string | null;

/** Never signed in; everything that is stored for it keeps the names of builds without accounts. */
const SIGNED_OUT_NAME = 'ai2text';

/** What the names of a library's database, channels and locks begin with. */
export function libraryName(library: TranscriptLibraryId): string {
  return library === null ? SIGNED_OUT_NAME : `${SIGNED_OUT_NAME}:${library}`;
}

/** The account whose database has this name; `null`: it is none's. */
export function accountOf(databaseName: string): string | null {
  const id = databaseName.slice(SIGNED_OUT_NAME.length + 1);
  return databaseName === libraryName(id) && z.uuid().safeParse(id).success ? id : null;
}
