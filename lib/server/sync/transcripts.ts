import 'server-only';
import { and, asc, count, eq, gt, max } from 'drizzle-orm';
import type { PutSummary, ServerSummary, SummaryPage } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, type Tx, transcripts, users } from '@/lib/server/db';
import {
  clamped,
  isCovered,
  merge,
  removedSummary,
  type TranscriptSummary,
  withoutTraces,
} from '@/lib/transcript';

/** How many transcripts one user may have on their list, deleted ones among them. */
const MAX_SUMMARIES = 100_000;

type Row = typeof transcripts.$inferSelect;

/**
 * What changed on a user's list after a revision, in the order it changed. `revision` is where to
 * go on; below `since` when this database has never come that far (it was restored from a copy).
 */
export async function listSummaries(
  ownerId: string,
  { since, limit }: { since: number; limit: number },
): Promise<SummaryPage> {
  const { db } = await database();
  const rows = await db
    .select()
    .from(transcripts)
    .where(and(eq(transcripts.ownerId, ownerId), gt(transcripts.revision, since)))
    .orderBy(asc(transcripts.revision))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(summaryOf);
  const last = items.at(-1)?.revision;
  const revision = last ?? Math.min(since, await newestRevision(db, ownerId));
  return { items, revision, more: rows.length > limit };
}

/**
 * Merges what a device knows of one transcript into the list, field by field.
 * @param room how long the list may get
 * @returns what the list says now. @throws TOO_LARGE when the list is full
 */
export function putSummary(
  ownerId: string,
  id: string,
  put: PutSummary,
  room = MAX_SUMMARIES,
): Promise<ServerSummary> {
  return write(ownerId, { id, deleted: false, ...put }, room);
}

/**
 * Takes a transcript off the list, even one that the server does not know: its device may have been
 * faster with this than with the rest. Nothing is kept of it but its id.
 * @param atMs when the user asked for it, in ms since 1970. @throws TOO_LARGE when the list is full
 */
export function deleteSummary(ownerId: string, id: string, atMs: number): Promise<ServerSummary> {
  return write(ownerId, removedSummary(id, atMs), MAX_SUMMARIES);
}

/**
 * The owner's row is locked until the commit, so that revisions become visible in their order: a
 * reader who has seen one has seen all before it.
 */
async function write(
  ownerId: string,
  change: TranscriptSummary,
  room: number,
): Promise<ServerSummary> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const [owner] = await tx
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, ownerId))
      .for('update');
    if (!owner) throw new AppError('UNAUTHENTICATED', 'There is no such user any more.');
    const [row] = await tx
      .select()
      .from(transcripts)
      .where(and(eq(transcripts.ownerId, ownerId), eq(transcripts.id, change.id)));
    const fieldTimes = clamped(change.fieldTimes, Date.now());
    const written = { ...change, fieldTimes };
    const known = row && summaryOf(row);
    const merged = withoutTraces(known ? merge(known, written) : written);
    if (known && isCovered(merged, known) && merged.createdAt === known.createdAt) return known;
    const newest = await newestRevision(tx, ownerId);
    if (!row) await checkRoom(tx, ownerId, newest, room);
    const values = rowOf(ownerId, merged, newest + 1);
    await tx
      .insert(transcripts)
      .values(values)
      .onConflictDoUpdate({ target: [transcripts.ownerId, transcripts.id], set: values });
    return summaryOf(values);
  });
}

async function newestRevision(db: Pick<Tx, 'select'>, ownerId: string): Promise<number> {
  const [row] = await db
    .select({ revision: max(transcripts.revision) })
    .from(transcripts)
    .where(eq(transcripts.ownerId, ownerId));
  return row?.revision ?? 0;
}

async function checkRoom(tx: Tx, ownerId: string, newest: number, room: number): Promise<void> {
  // every transcript has a revision of its own: there are not more of them than of those
  if (newest < room) return;
  const [row] = await tx
    .select({ count: count() })
    .from(transcripts)
    .where(eq(transcripts.ownerId, ownerId));
  if ((row?.count ?? 0) >= room) throw new AppError('TOO_LARGE', 'The list is full.');
}

function rowOf(ownerId: string, summary: TranscriptSummary, revision: number): Row {
  const { deleted, createdAt, ...fields } = summary;
  return {
    ...fields,
    ownerId,
    createdAt: new Date(createdAt),
    deletedAt: deleted ? new Date(fields.fieldTimes.deleted) : null,
    revision,
  };
}

function summaryOf({ ownerId: _owner, deletedAt, createdAt, fieldTimes, ...row }: Row) {
  const { title = 0, language = 0, durationMs = 0 } = fieldTimes;
  const { wordCount = 0, tags = 0, deleted = 0 } = fieldTimes;
  return {
    ...row,
    deleted: deletedAt !== null,
    createdAt: createdAt.toISOString(),
    fieldTimes: { title, language, durationMs, wordCount, tags, deleted },
  } satisfies ServerSummary;
}
