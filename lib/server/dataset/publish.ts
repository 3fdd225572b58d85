import 'server-only';
import { and, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { type DatasetVersion, type PublishAnswer, SPLITS } from '@/lib/contracts';
import { throwIfAborted, toAppError } from '@/lib/core';
import {
  database,
  datasetEntries,
  datasetPublications,
  datasetSplits,
  datasetVersions,
  type Tx,
  withLease,
} from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log, processSingleton } from '@/lib/server/process';
import { DRAFTS, keysBelow, VERSIONS, versionOfDraft } from './dataset-objects';
import { publishedVersions, unpublished } from './figures';
import {
  addPublication,
  type Draft,
  notePublication,
  overtaken,
  publicationUnderWay,
  removePublication,
} from './publication';
import { chooseSplits } from './splits';
import { derivedFiles, INDEX_FILE } from './version-files';
import { isInVersion, writeVersion } from './write-version';

/** A dead publisher is replaced after this, in ms. */
const LEASE_MS = 60_000;

/** Members of groups that are stored by one statement. */
const MEMBERS_A_STATEMENT = 1_000;

/** Says which version is the newest; written last. */
export const LATEST = `${VERSIONS}/latest.json`;

/**
 * Marks the next version as to be written, unless nothing has changed since the last one.
 * `continuePublishing` writes it.
 */
export async function requestVersion(): Promise<Exclude<PublishAnswer['state'], 'published'>> {
  if (await publicationUnderWay()) return 'publishing';
  const [newest] = await publishedVersions();
  const last = Number(newest?.name.slice(1) ?? 0);
  const waiting = await unpublished(last);
  if (waiting.clips === 0 && waiting.withdrawn === 0) return 'unchanged';
  await addPublication(last + 1);
  return 'publishing';
}

const inThisProcess = () =>
  processSingleton('dataset-publishing', () => ({
    now: null as Promise<DatasetVersion | null> | null,
  }));

/**
 * Writes the requested version, or resumes writing it. One process does this at a time; if it dies, another takes
 * over. Callers in one process share one run.
 * @returns `null` when there is none to write, or another process is writing it
 * @throws SERVER_BUSY when a service fails: the next call resumes
 */
export function continuePublishing(): Promise<DatasetVersion | null> {
  const running = inThisProcess();
  running.now ??= publishUnderLease().finally(() => {
    running.now = null;
  });
  return running.now;
}

/** Whether a version is being written, or is to be. */
export async function isPublishing(): Promise<boolean> {
  return (await publicationUnderWay()) !== null;
}

async function publishUnderLease(): Promise<DatasetVersion | null> {
  let version: DatasetVersion | null = null;
  // another version may be requested during the last steps
  while (await isPublishing()) {
    const next = await publishNext();
    if (!next) break;
    version = next;
  }
  return version;
}

/** @returns `null` when another process is writing it, or has */
async function publishNext(): Promise<DatasetVersion | null> {
  let version: DatasetVersion | null = null;
  await withLease('dataset.publish', LEASE_MS, async (lost) => {
    const publication = await publicationUnderWay();
    if (!publication) return;
    const { number, draft } = publication;
    try {
      await notePublication(number, { failure: null });
      version = await publish(number, draft, lost);
    } catch (error) {
      const { code, message } = toAppError(error);
      log('warn', 'dataset.publishing_interrupted', { version: number, code, message });
      // the process that holds the lease now has the state
      if (lost.aborted || code === 'ABORTED') return;
      await notePublication(number, { failure: code });
      throw error;
    }
  });
  return version;
}

async function publish(
  number: number,
  draft: Draft | null,
  signal: AbortSignal,
): Promise<DatasetVersion> {
  // the process that wrote the row of the version may have died before its last steps
  const [newest] = await publishedVersions();
  const version =
    newest?.name === `v${number}` ? newest : await commitVersion(number, draft, signal);
  await writeLatest(signal);
  await removeDrafts(number, signal);
  await removePublication(number);
  return version;
}

async function commitVersion(
  number: number,
  draft: Draft | null,
  signal: AbortSignal,
): Promise<DatasetVersion> {
  const version = await writeVersion(number, draft ?? (await begin(number)), signal);
  throwIfAborted(signal);
  const { db } = await database();
  await db
    .insert(datasetVersions)
    .values({ number, publishedAt: new Date(version.at), facts: version })
    .onConflictDoNothing();
  return version;
}

/**
 * Decides what the version is to have, once and before anything of it is written.
 * @throws ABORTED when another process has
 */
async function begin(number: number): Promise<Draft> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const [row] = await tx
      .select({ draft: datasetPublications.draft })
      .from(datasetPublications)
      .where(eq(datasetPublications.number, number))
      .for('update');
    if (row?.draft !== null) throw overtaken();
    await reserve(tx, number);
    return placeGroups(tx, number);
  });
}

/**
 * Notes in the database what the version is to have and what it names as withdrawn. What comes later
 * is for the next one; what is withdrawn later is left out of files that are not written yet, and
 * named by the next one.
 */
async function reserve(tx: Tx, number: number): Promise<void> {
  await tx
    .update(datasetEntries)
    .set({ firstVersion: number })
    .where(and(isNull(datasetEntries.withdrawnAt), isNull(datasetEntries.firstVersion)));
  await tx
    .update(datasetEntries)
    .set({ tombstoneVersion: number })
    .where(
      and(
        isNotNull(datasetEntries.withdrawnAt),
        isNull(datasetEntries.tombstoneVersion),
        lte(datasetEntries.firstVersion, number - 1),
      ),
    );
}

/** Decides in which split each speaker and recording is, and stores that with the first draft. */
async function placeGroups(tx: Tx, number: number): Promise<Draft> {
  const { speaker, recording } = datasetEntries;
  const pairs = await tx
    .selectDistinct({ speaker, recording })
    .from(datasetEntries)
    .where(isInVersion(number));
  const known = await tx.select().from(datasetSplits);
  const choice = chooseSplits(pairs, new Map(known.map(({ member, split }) => [member, split])));
  const rows = [...choice.splits].map(([member, split]) => ({ member, split }));
  const clips = await tx.$count(datasetEntries, isInVersion(number));
  const filesASplit = 1 + derivedFiles(SPLITS[0]).length;
  const draft: Draft = {
    step: 0,
    at: new Date().toISOString(),
    emptySplits: choice.empty,
    movedBetweenSplits: choice.moved,
    total: clips * filesASplit,
    written: 0,
    files: [],
    sources: {},
    splits: {},
    licences: {},
    wordings: {},
    withdrawn: 0,
  };
  for (let at = 0; at < rows.length; at += MEMBERS_A_STATEMENT)
    await tx
      .insert(datasetSplits)
      .values(rows.slice(at, at + MEMBERS_A_STATEMENT))
      .onConflictDoUpdate({ target: datasetSplits.member, set: { split: sql`excluded.split` } });
  await tx.update(datasetPublications).set({ draft }).where(eq(datasetPublications.number, number));
  return draft;
}

/**
 * Writes which version is the newest, and checks again after each write: a process that was replaced without
 * knowing it must not overwrite the name of a version published meanwhile.
 */
async function writeLatest(signal: AbortSignal): Promise<void> {
  let written: string | undefined;
  for (;;) {
    const [newest] = await publishedVersions();
    if (!newest || newest.name === written) return;
    await objectStore().put(LATEST, new TextEncoder().encode(latestOf(newest)), {
      mediaType: 'application/json',
      signal,
    });
    written = newest.name;
  }
}

/** Rewrites the newest version's name if a process that has died belatedly wrote an older one. */
export async function repairLatest(signal: AbortSignal): Promise<void> {
  const [newest] = await publishedVersions();
  if (!newest) return;
  const found = await objectStore().get(LATEST, { signal });
  const isRight = found && (await new Response(found.body).text()) === latestOf(newest);
  if (!isRight) await writeLatest(signal);
}

function latestOf({ name, at, sha256 }: DatasetVersion): string {
  return `${JSON.stringify({ name, at, path: `${name}/${INDEX_FILE}`, sha256 }, null, 2)}\n`;
}

/** Removes the drafts of this version and of those before it, including any that were written too late. */
async function removeDrafts(number: number, signal: AbortSignal): Promise<void> {
  for (const key of await keysBelow(DRAFTS, signal))
    if (versionOfDraft(key) <= number) await objectStore().delete(key, { signal });
}
