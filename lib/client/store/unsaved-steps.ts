import { z } from 'zod';
import { keepChoice, newId } from '@/lib/core';
import { type Edit, type EditPatch, editSchema, hasEffect } from '@/lib/transcript';
import { announce } from './changes';
import { currentLibrary } from './current-library';
import { type EditOptions, redoEdit, type StoredEdit, storeEdit, undoEdit } from './edits';
import { libraryName, type TranscriptLibraryId } from './library';

const PREFIX = 'ai2text:unsaved:';

const stepSchema = z.union([
  z.object({ kind: z.literal('edit'), edit: editSchema, burst: z.string().exactOptional() }),
  z.object({ kind: z.enum(['undo', 'redo']) }),
]);

/** A change to a transcript: an edit, possibly part of a burst of typing, or an undo or redo. */
export type Step = { kind: 'edit'; edit: Edit; burst?: string } | { kind: 'undo' | 'redo' };

let madeHere = 0;

/** Identifies a step. Tokens of this browser sort in the order in which they were made. */
export function newToken(): string {
  const now = Date.now().toString(36).padStart(9, '0');
  return `${now}-${(madeHere++).toString(36).padStart(6, '0')}-${newId().slice(0, 8)}`;
}

/**
 * Keeps a step until it is stored. This is synchronous, whereas a transaction takes time and is aborted when the
 * page goes away.
 * @returns whether it is kept
 */
export function keepStep(id: string, token: string, step: Step): boolean {
  keepChoice(keyOf(id, token), JSON.stringify(step));
  return isStepKept(id, token);
}

/** Drops a step that is stored, or never will be. */
export function dropStep(id: string, token: string): void {
  keepChoice(keyOf(id, token), null);
}

function isStepKept(id: string, token: string): boolean {
  try {
    return localStorage.getItem(keyOf(id, token)) !== null;
  } catch {
    return false; // storage is switched off in this browser
  }
}

/** The steps that pages have kept of a transcript, in order. One that cannot be read is dropped. */
export function keptSteps(id: string): { token: string; step: Step }[] {
  adoptEarlier(id);
  const prefix = keyOf(id, '');
  return keysFrom(prefix).flatMap((key) => {
    const token = key.slice(prefix.length);
    try {
      return { token, step: stepSchema.parse(JSON.parse(localStorage.getItem(key) ?? '')) };
    } catch (error) {
      console.warn('What an earlier page kept of a transcript cannot be read', error);
      dropStep(id, token);
      return [];
    }
  });
}

/** An earlier build kept the texts of a transcript under one key, and no other edits. They become steps. */
function adoptEarlier(id: string): void {
  const key = prefixOf(currentLibrary()) + id;
  try {
    const kept = localStorage.getItem(key);
    if (kept === null) return;
    localStorage.removeItem(key);
    for (const edit of z.array(editSchema).parse(JSON.parse(kept)))
      keepStep(id, newToken(), { kind: 'edit', edit });
  } catch (error) {
    console.warn('What an earlier build kept of a transcript cannot be read', error);
  }
}

/** Removes what pages kept of any transcript of a library. */
export function dropAllSteps(library: TranscriptLibraryId): void {
  const prefix = prefixOf(library);
  // the names of accounts' libraries begin like that of the library of those who are signed out
  const own = keysFrom(prefix).filter((key) => key.slice(prefix.length).split(':').length <= 2);
  for (const key of own) localStorage.removeItem(key);
}

function keysFrom(prefix: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .sort();
  } catch {
    return []; // storage is switched off in this browser
  }
}

const prefixOf = (library: TranscriptLibraryId) => `${PREFIX}${libraryName(library)}:`;

const keyOf = (id: string, token: string) => `${prefixOf(currentLibrary())}${id}:${token}`;

/** How a step is stored. */
interface StepOptions {
  token: string;
  /** It was kept: if it no longer is, another tab has found and stored it. */
  wasKept: boolean;
  /** The account that is signed in. */
  by: string | null;
  /** What the page shows of it already. */
  shown: EditPatch | null;
}

/**
 * Stores a step exactly once, even if another tab is storing it too.
 * @returns what it did; `null`: nothing
 * @throws NOT_FOUND; BAD_REQUEST when the words do not fit into their time; STORE_QUOTA, STORE_FAILED
 */
export async function storeStep(
  id: string,
  step: Step,
  { token, wasKept, by, shown }: StepOptions,
): Promise<EditPatch | null> {
  if (wasKept && !isStepKept(id, token)) {
    // the result may differ from what this page shows
    if (shown && hasEffect(shown)) announce('restarted', id);
    return null;
  }
  return (await stored(id, step, { token, by, shown })).patch;
}

function stored(id: string, step: Step, options: EditOptions): Promise<StoredEdit> {
  if (step.kind !== 'edit')
    return step.kind === 'undo' ? undoEdit(id, options.token) : redoEdit(id, options.token);
  const { edit, burst } = step;
  return storeEdit(id, edit, { ...options, ...(burst === undefined ? {} : { burst }) });
}
