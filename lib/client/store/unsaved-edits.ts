import { z } from 'zod';
import { keepChoice } from '@/lib/core';
import { currentLibrary } from './current-library';
import { libraryName, type TranscriptLibraryId } from './library';

const PREFIX = 'ai2text:unsaved:';

const rowSchema = z.object({
  index: z.number(),
  id: z.string(),
  startMs: z.number(),
  endMs: z.number(),
});

/** Texts that were typed and are not stored yet, as edits. */
const unsavedSchema = z.array(
  z.object({
    kind: z.literal('text'),
    changes: z.array(z.object({ row: rowSchema, seen: z.string(), text: z.string() })),
  }),
);

export type UnsavedEdit = z.infer<typeof unsavedSchema>[number];

/**
 * Keeps what was typed in a transcript and not stored when its page goes away: no transaction of the database would
 * come to an end then, but this is done at once. No edits: nothing is kept any more.
 */
export function keepUnsavedEdits(id: string, edits: readonly UnsavedEdit[]): void {
  keepChoice(keyOf(id), edits.length > 0 ? JSON.stringify(edits) : null);
}

/** What an earlier page kept of a transcript; it is no longer kept then. */
export function takeUnsavedEdits(id: string): UnsavedEdit[] {
  try {
    const kept = localStorage.getItem(keyOf(id));
    if (kept === null) return [];
    keepUnsavedEdits(id, []);
    return unsavedSchema.parse(JSON.parse(kept));
  } catch {
    return []; // storage is switched off in this browser, or holds something else
  }
}

/** Removes what pages kept of any transcript of a library. */
export function removeUnsavedEdits(library: TranscriptLibraryId): void {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(prefixOf(library))) localStorage.removeItem(key);
  } catch {
    // storage is switched off in this browser: there is nothing
  }
}

const prefixOf = (library: TranscriptLibraryId) => `${PREFIX}${libraryName(library)}:`;

const keyOf = (id: string) => prefixOf(currentLibrary()) + id;
