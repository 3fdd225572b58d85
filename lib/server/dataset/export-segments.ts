import 'server-only';
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { newId, throwIfAborted, toAppError } from '@/lib/core';
import { database, datasetEntries } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log, scheduler } from '@/lib/server/process';
import { SEGMENTS, sha256Of } from './dataset-objects';
import { type ManifestLine, writeLines } from './manifest';

/** Lines of a segment at most. */
export const SEGMENT_LINES = 500;

/** An exporter that has not finished a segment by then has died, in s. */
const CLAIM_S = 60;

/** What was given within this many ms goes into one segment. */
const GATHER_MS = 2_000;

const PLAN = 'dataset-export';

type Entry = typeof datasetEntries.$inferSelect;

function lineOf(row: Entry): ManifestLine {
  const { id, clip, durationMs, text, asrText, language, level } = row;
  if (row.withdrawnAt !== null) return { id, withdrawnAt: row.withdrawnAt.toISOString() };
  const { speaker, recording, modelId, licence, wording } = row;
  return {
    ...{ id, clip, durationMs, text, asrText, language, level },
    ...{ speaker, recording, modelId, licence, wording },
    consentAt: row.consentAt.toISOString(),
  };
}

/** Takes entries that nobody exports; several exporters take different ones. */
async function claimEntries(claim: string): Promise<Entry[]> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const free = await tx
      .select({ id: datasetEntries.id })
      .from(datasetEntries)
      .where(
        and(
          isNull(datasetEntries.segment),
          or(
            isNull(datasetEntries.claim),
            lt(datasetEntries.claimedAt, sql`now() - make_interval(secs => ${CLAIM_S}::int)`),
          ),
        ),
      )
      .orderBy(datasetEntries.seq)
      .limit(SEGMENT_LINES)
      .for('update', { skipLocked: true });
    if (free.length === 0) return [];
    return tx
      .update(datasetEntries)
      .set({ claim, claimedAt: sql`now()` })
      .where(
        inArray(
          datasetEntries.id,
          free.map(({ id }) => id),
        ),
      )
      .returning();
  });
}

/**
 * Writes the entries that wait into one segment, an object that never changes: named by who wrote it
 * and by its content, so that writing it again after an unknown outcome is the same. A process that
 * dies between the steps leaves lines that come once more in another segment; readers go by their ids.
 * @returns how many lines that were
 */
export async function exportSegment(signal: AbortSignal): Promise<number> {
  const claim = newId();
  const rows = await claimEntries(claim);
  if (rows.length === 0) return 0;
  const { db } = await database();
  const claimed = eq(datasetEntries.claim, claim);
  try {
    const text = writeLines(rows.sort((a, b) => a.seq - b.seq).map(lineOf));
    const key = `${SEGMENTS}${claim}-${sha256Of(text)}.jsonl`;
    await objectStore().put(key, new TextEncoder().encode(text), {
      mediaType: 'application/x-ndjson',
      signal,
    });
    // one that was withdrawn meanwhile has lost the claim, and waits again
    await db
      .update(datasetEntries)
      .set({ segment: key, claim: null, claimedAt: null })
      .where(claimed);
    return rows.length;
  } catch (error) {
    await db.update(datasetEntries).set({ claim: null, claimedAt: null }).where(claimed);
    throw error;
  }
}

/** Writes all entries that wait. @returns how many lines that were */
export async function exportSegments(signal: AbortSignal): Promise<number> {
  let lines = 0;
  for (;;) {
    throwIfAborted(signal);
    const written = await exportSegment(signal);
    lines += written;
    if (written < SEGMENT_LINES) return lines;
  }
}

/** Writes what was just committed, a moment later; what fails then is left to the sweep. */
export function exportSoon(): void {
  if (scheduler().isPlanned(PLAN)) return;
  scheduler().plan(PLAN, GATHER_MS, async () => {
    try {
      await exportSegments(AbortSignal.timeout(CLAIM_S * 1_000));
    } catch (error) {
      const { code, message } = toAppError(error);
      log('warn', 'dataset.not_exported_yet', { code, message });
    }
  });
}
