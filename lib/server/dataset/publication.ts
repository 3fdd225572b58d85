import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Publication, SPLITS, versionSchema } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, datasetPublications } from '@/lib/server/db';

const { files, splits } = versionSchema.shape;
const split = z.enum(SPLITS);
const counts = z.record(z.string(), z.int().nonnegative());

/**
 * What has been decided and written of a version: enough to resume after the process has died. The content of
 * a version is decided once, before its first file is written.
 */
const draftSchema = z.object({
  /** Number of this draft of the version, from 0. */
  step: z.int().nonnegative().default(0),
  at: z.iso.datetime(),
  emptySplits: z.array(split),
  movedBetweenSplits: z.array(z.object({ member: z.string(), from: split, to: split })),
  /** Utterances to be written, counted once for each file that has them. */
  total: z.int().nonnegative(),
  /** Those in `files`. */
  written: z.int().nonnegative(),
  files,
  /** The objects that files are copied from, by the files' paths. */
  sources: z.record(z.string(), z.string()).default({}),
  /** Of the splits whose first file is written. */
  splits: splits.partial(),
  licences: counts,
  wordings: counts,
  withdrawn: z.int().nonnegative(),
});

export type Draft = z.infer<typeof draftSchema>;

/** The version that is being written; `null`: none. */
export async function publicationUnderWay(): Promise<
  (Publication & { number: number; draft: Draft | null }) | null
> {
  const { db } = await database();
  const [row] = await db.select().from(datasetPublications).orderBy(datasetPublications.number);
  if (!row) return null;
  const { number, progress, failure, draft } = row;
  return {
    number,
    name: `v${number}`,
    progress,
    isInterrupted: failure !== null,
    draft: draft === null ? null : draftSchema.parse(draft),
  };
}

/** Marks a version as being written, unless it is already. */
export async function addPublication(number: number): Promise<void> {
  const { db } = await database();
  await db.insert(datasetPublications).values({ number }).onConflictDoNothing();
}

/** Another process has taken over the version, so this one must stop. */
export const overtaken = () =>
  new AppError('ABORTED', 'Another process has gone on with this version.');

/**
 * Replaces the draft of the previous step.
 * @returns false when another draft is stored: another process has taken over
 */
export async function advanceDraft(
  number: number,
  draft: Draft,
  progress: number,
): Promise<boolean> {
  const { db } = await database();
  const stored = sql`coalesce((${datasetPublications.draft} ->> 'step')::int, 0)`;
  const changed = await db
    .update(datasetPublications)
    .set({ draft, progress })
    .where(and(eq(datasetPublications.number, number), eq(stored, draft.step - 1)))
    .returning({ number: datasetPublications.number });
  return changed.length > 0;
}

/** Stores the progress of a version. */
export async function notePublication(
  number: number,
  change: { progress?: number; failure?: string | null },
): Promise<void> {
  const { db } = await database();
  await db.update(datasetPublications).set(change).where(eq(datasetPublications.number, number));
}

/** The version is published: nothing is left to do. */
export async function removePublication(number: number): Promise<void> {
  const { db } = await database();
  await db.delete(datasetPublications).where(eq(datasetPublications.number, number));
}
