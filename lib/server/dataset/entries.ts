import 'server-only';
import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { EntriesAnswer, EntryPage, EntryRefusal, NewEntry } from '@/lib/contracts';
import { AppError, toAppError } from '@/lib/core';
import { database, datasetClips, datasetEntries, datasetVersions, type Tx } from '@/lib/server/db';
import { log } from '@/lib/server/process';
import { removeClip } from './clip-removal';
import { sha256Of } from './dataset-objects';
import { exportSoon } from './export-segments';

/** Time to remove the clip of a withdrawn entry, in ms; after that it is left to the sweep. */
const REMOVE_WITHIN_MS = 10_000;

/** Entries withdrawn by one request; the rest is withdrawn by the next ones. */
const WITHDRAWN_AT_ONCE = 1_000;

/** How far clocks of givers may be off, a wrong time zone included, in ms. */
const CLOCK_ERROR_MS = 24 * 3_600_000;

type Entry = typeof datasetEntries.$inferSelect;

/** A published pseudonym: the same for one name of one giver, and it leads back to neither. */
function pseudonymOf(kind: 'spk' | 'rec', giverId: string, own: string): string {
  return `${kind}${sha256Of(`${kind}\n${giverId}\n${own}`).slice(0, 24)}`;
}

/** What erases an entry's words, and lets its line in the manifest be replaced. */
const ERASED = {
  withdrawnAt: sql`now()`,
  text: '',
  asrText: '',
  segment: null,
  claim: null,
} as const;

function rowOf(giverId: string, entry: NewEntry, durationMs: number) {
  const { consent, speaker, recording, ...own } = entry;
  return {
    ...own,
    giverId,
    durationMs,
    speaker: pseudonymOf('spk', giverId, speaker),
    recording: pseudonymOf('rec', giverId, recording),
    ownRecording: recording,
    licence: consent.licence,
    wording: consent.wording,
    // the giver's clock may be ahead, but nobody can have agreed in the future
    consentAt: new Date(Math.min(Date.parse(consent.at), Date.now())),
  };
}

/**
 * Whether the stated time of consent is plausible. Clips may be sent long after it, since a browser may have been
 * offline: only the date of the wording limits how long ago it can be. A server whose own clock is before that date
 * is wrong, and does not refuse anyone because of it.
 */
function canHaveAgreed({ wording, at }: NewEntry['consent']): boolean {
  const shownMs = Date.parse(wording);
  const nowMs = Date.now();
  const agreedMs = Date.parse(at);
  return (
    agreedMs >= Math.min(shownMs, nowMs) - CLOCK_ERROR_MS &&
    agreedMs <= Math.max(shownMs, nowMs) + CLOCK_ERROR_MS
  );
}

/** Why an id cannot be used; `null`: this very entry is stored. */
function refusalOf(known: Entry, row: ReturnType<typeof rowOf>): EntryRefusal | null {
  if (known.giverId !== row.giverId) return 'conflict';
  if (known.withdrawnAt !== null) return 'withdrawn';
  const isSame =
    known.clip === row.clip &&
    known.text === row.text &&
    known.speaker === row.speaker &&
    known.recording === row.recording &&
    known.licence === row.licence;
  return isSame ? null : 'conflict';
}

/**
 * Stores contributed entries. All accepted ones are committed together, and repeating a batch gives the same
 * answer. If a giver gives a clip again, the new text replaces the old: the earlier entry counts as withdrawn.
 */
export async function giveEntries(
  giverId: string,
  entries: readonly NewEntry[],
): Promise<EntriesAnswer> {
  const opened = await database();
  const answer = await opened.transaction(async (tx) => {
    const result: EntriesAnswer = { accepted: [], refused: [] };
    const clips = await lockClips(tx, entries);
    // in a fixed order, so that two batches with the same ids do not deadlock
    for (const entry of [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const durationMs = clips.get(entry.clip);
      const reason =
        durationMs === undefined
          ? await knownOrMissing(tx, giverId, entry)
          : await give(tx, rowOf(giverId, entry, durationMs), canHaveAgreed(entry.consent));
      if (reason === null) result.accepted.push(entry.id);
      else result.refused.push({ id: entry.id, reason });
    }
    return result;
  });
  if (answer.accepted.length > 0) exportSoon();
  return answer;
}

/** Lengths of the stored clips, in ms. Locks their rows, so that none is removed before the commit. */
async function lockClips(tx: Tx, entries: readonly NewEntry[]): Promise<Map<string, number>> {
  const names = [...new Set(entries.map(({ clip }) => clip))];
  const rows = await tx
    .select()
    .from(datasetClips)
    .where(and(inArray(datasetClips.sha256, names), eq(datasetClips.isRemoving, false)))
    .orderBy(asc(datasetClips.sha256))
    .for('update');
  return new Map(rows.map(({ sha256, durationMs }) => [sha256, durationMs]));
}

/** Why an entry whose clip is not stored is refused: it may have been withdrawn, and its clip removed. */
async function knownOrMissing(tx: Tx, giverId: string, entry: NewEntry): Promise<EntryRefusal> {
  const [known] = await tx.select().from(datasetEntries).where(eq(datasetEntries.id, entry.id));
  if (!known) return 'clip_missing';
  return refusalOf(known, rowOf(giverId, entry, known.durationMs)) ?? 'clip_missing';
}

async function give(
  tx: Tx,
  row: ReturnType<typeof rowOf>,
  isAgreed: boolean,
): Promise<EntryRefusal | null> {
  const [known] = await tx.select().from(datasetEntries).where(eq(datasetEntries.id, row.id));
  if (known) return refusalOf(known, row);
  if (!isAgreed) return 'consent_time';
  const [current] = await tx
    .select()
    .from(datasetEntries)
    .where(and(eq(datasetEntries.clip, row.clip), isNull(datasetEntries.withdrawnAt)));
  if (current && current.giverId !== row.giverId) return 'taken';
  if (current) await tx.update(datasetEntries).set(ERASED).where(eq(datasetEntries.id, current.id));
  await tx.insert(datasetEntries).values(row);
  return null;
}

/**
 * Withdraws an entry: its words go at once, its clip too unless the store is down, and the next version
 * is without it. Withdrawing it again is fine.
 * @param isOwner the owner may withdraw what others gave
 * @throws NOT_FOUND
 */
export async function withdrawEntry(
  user: { id: string; isOwner: boolean },
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const mine = user.isOwner ? undefined : eq(datasetEntries.giverId, user.id);
  const { db } = await database();
  const [row] = await db
    .update(datasetEntries)
    .set(ERASED)
    .where(and(eq(datasetEntries.id, id), isNull(datasetEntries.withdrawnAt), mine))
    .returning();
  if (row) return afterWithdrawal([row.clip], signal);
  const known = await db.$count(datasetEntries, and(eq(datasetEntries.id, id), mine));
  if (known === 0) throw new AppError('NOT_FOUND', 'There is no such entry.');
}

/** Withdraws all that somebody gave of one recording. @returns how many entries that were */
export async function withdrawRecording(
  giverId: string,
  recording: string,
  signal: AbortSignal,
): Promise<number> {
  const { db } = await database();
  const ofRecording = db
    .select({ id: datasetEntries.id })
    .from(datasetEntries)
    .where(
      and(
        eq(datasetEntries.giverId, giverId),
        eq(datasetEntries.ownRecording, recording),
        isNull(datasetEntries.withdrawnAt),
      ),
    )
    .limit(WITHDRAWN_AT_ONCE);
  const rows = await db
    .update(datasetEntries)
    .set(ERASED)
    .where(inArray(datasetEntries.id, ofRecording))
    .returning({ clip: datasetEntries.clip });
  await afterWithdrawal(
    rows.map(({ clip }) => clip),
    signal,
  );
  return rows.length;
}

async function afterWithdrawal(clips: readonly string[], signal: AbortSignal): Promise<void> {
  exportSoon();
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(REMOVE_WITHIN_MS)]);
  try {
    for (const clip of clips) await removeClip(clip, inTime);
  } catch (error) {
    log('warn', 'dataset.clip_not_removed_yet', { code: toAppError(error).code });
  }
}

/** What a page of the list contains. */
export interface ListedEntries {
  userId: string;
  /** Include what others gave. */
  isAll: boolean;
  recording?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** A page of what was given, newest first. */
export async function listEntries(asked: ListedEntries): Promise<EntryPage> {
  const { userId, isAll, recording, after, limit } = asked;
  const { db } = await database();
  const [newest] = await db
    .select({ number: sql<number | null>`max(${datasetVersions.number})::int` })
    .from(datasetVersions);
  const rows = await db
    .select()
    .from(datasetEntries)
    .where(
      and(
        isAll ? undefined : eq(datasetEntries.giverId, userId),
        recording === undefined ? undefined : eq(datasetEntries.ownRecording, recording),
        after === undefined ? undefined : lt(datasetEntries.seq, Number(after)),
      ),
    )
    .orderBy(desc(datasetEntries.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    items: page.map((row) => factsOf(row, userId, newest?.number ?? 0)),
    next: rows.length > limit ? String(page.at(-1)?.seq) : null,
  };
}

function factsOf(row: Entry, userId: string, newestVersion: number): EntryPage['items'][number] {
  const { id, clip, text, language, level, durationMs, licence, wording } = row;
  const isMine = row.giverId === userId;
  const isPublished = row.firstVersion !== null && row.firstVersion <= newestVersion;
  return {
    ...{ id, clip, text, language, level, durationMs, licence, wording, isMine },
    recording: isMine ? row.ownRecording : null,
    givenAt: row.givenAt.toISOString(),
    state: row.withdrawnAt !== null ? 'withdrawn' : isPublished ? 'published' : 'waiting',
    version: isPublished ? `v${row.firstVersion}` : null,
  };
}
