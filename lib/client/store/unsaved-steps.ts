import { z } from 'zod';
import { newId } from '@/lib/core';
import { type Edit, type EditPatch, editSchema, hasEffect } from '@/lib/transcript';
import { announce } from './changes';
import { type EditOptions, redoEdit, type StoredEdit, storeEdit, undoEdit } from './edits';
import { dropValue, keepValue, keptNames, readKept } from './unsaved';

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

/** Keeps a step until it is stored. @returns whether it is kept */
export function keepStep(id: string, token: string, step: Step): boolean {
  keepValue(nameOf(id, token), step);
  return isStepKept(id, token);
}

/** Drops a step that is stored, or never will be. */
export function dropStep(id: string, token: string): void {
  dropValue(nameOf(id, token));
}

const isStepKept = (id: string, token: string) => readKept(nameOf(id, token)) !== null;

/** The steps that pages have kept of a transcript, in order. One that cannot be read is dropped. */
export function keptSteps(id: string): { token: string; step: Step }[] {
  adoptEarlier(id);
  const start = nameOf(id, '');
  return keptNames(start).flatMap((name) => {
    const token = name.slice(start.length);
    try {
      return { token, step: stepSchema.parse(JSON.parse(readKept(name) ?? '')) };
    } catch (error) {
      console.warn('What an earlier page kept of a transcript cannot be read', error);
      dropStep(id, token);
      return [];
    }
  });
}

/** An earlier build kept the texts of a transcript under one name, and no other edits. They become steps. */
function adoptEarlier(id: string): void {
  const kept = readKept(id);
  if (kept === null) return;
  dropValue(id);
  try {
    for (const edit of z.array(editSchema).parse(JSON.parse(kept)))
      keepStep(id, newToken(), { kind: 'edit', edit });
  } catch (error) {
    console.warn('What an earlier build kept of a transcript cannot be read', error);
  }
}

const nameOf = (id: string, token: string) => `${id}:${token}`;

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
