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
  withLease,
} from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log, onceInProcess } from '@/lib/server/process';
import { VERSIONS } from './dataset-objects';
import { publishedVersions, unpublished } from './figures';
import {
  addPublication,
  type Draft,
  notePublication,
  publicationUnderWay,
  removePublication,
} from './publication';
import { chooseSplits } from './splits';
import { derivedFiles, INDEX_FILE } from './version-files';
import { isInVersion, writeVersion } from './write-version';

/** A publisher that died is replaced after this, in ms. */
const LEASE_MS = 60_000;

/** Members of groups that are stored by one statement. */
const MEMBERS_A_STATEMENT = 1_000;

/** Says which version is the newest; written last. */
export const LATEST = `${VERSIONS}/latest.json`;

/**
 * Makes the next version one that is to be written, unless nothing has changed since the last one.
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
  onceInProcess('dataset-publishing', () => ({
    now: null as Promise<DatasetVersion | null> | null,
  }));

/**
 * Writes the version that was asked for, from where it was left; in one process at a time, which others
 * take the place of when it dies. Callers of one process share one run.
 * @returns `null` when none is to be written, or another process does it
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
  // another one may be asked for while the last steps are done
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
      if (!lost.aborted) await notePublication(number, { failure: code });
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
  await writeLatest(version, signal);
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
    .values({ number, publishedAt: new Date(version.at), facts: version });
  return version;
}

/** Decides what the version is to have, before anything of it is written. */
async function begin(number: number): Promise<Draft> {
  await reserve(number);
  return placeGroups(number);
}

/**
 * Notes in the database what the version is to have and what it names as withdrawn. What comes later
 * is for the next one; what is withdrawn later is left out of files that are not written yet, and
 * named by the next one.
 */
async function reserve(number: number): Promise<void> {
  const { transaction } = await database();
  await transaction(async (tx) => {
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
  });
}

/** Decides in which split each speaker and recording is, and stores that with the first draft. */
async function placeGroups(number: number): Promise<Draft> {
  const { db, transaction } = await database();
  const { speaker, recording } = datasetEntries;
  const pairs = await db
    .selectDistinct({ speaker, recording })
    .from(datasetEntries)
    .where(isInVersion(number));
  const known = await db.select().from(datasetSplits);
  const choice = chooseSplits(pairs, new Map(known.map(({ member, split }) => [member, split])));
  const rows = [...choice.splits].map(([member, split]) => ({ member, split }));
  const clips = await db.$count(datasetEntries, isInVersion(number));
  const filesASplit = 1 + derivedFiles(SPLITS[0]).length;
  const draft: Draft = {
    at: new Date().toISOString(),
    emptySplits: choice.empty,
    movedBetweenSplits: choice.moved,
    total: clips * filesASplit,
    written: 0,
    files: [],
    splits: {},
    licences: {},
    wordings: {},
    withdrawn: 0,
  };
  await transaction(async (tx) => {
    for (let at = 0; at < rows.length; at += MEMBERS_A_STATEMENT)
      await tx
        .insert(datasetSplits)
        .values(rows.slice(at, at + MEMBERS_A_STATEMENT))
        .onConflictDoUpdate({ target: datasetSplits.member, set: { split: sql`excluded.split` } });
    await tx
      .update(datasetPublications)
      .set({ draft })
      .where(eq(datasetPublications.number, number));
  });
  return draft;
}

async function writeLatest(version: DatasetVersion, signal: AbortSignal): Promise<void> {
  const { name, at, sha256 } = version;
  const text = `${JSON.stringify({ name, at, path: `${name}/${INDEX_FILE}`, sha256 }, null, 2)}\n`;
  await objectStore().put(LATEST, new TextEncoder().encode(text), {
    mediaType: 'application/json',
    signal,
  });
}
