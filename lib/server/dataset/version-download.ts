import 'server-only';
import { and, eq, isNull, lte } from 'drizzle-orm';
import { AppError } from '@/lib/core';
import { database, datasetEntries } from '@/lib/server/db';
import { objectStore, type StoredObject } from '@/lib/server/objects';
import { clipKey, clipPath, versionKey } from './dataset-objects';
import { publishedVersions } from './figures';

const notFound = () => new AppError('NOT_FOUND', 'This version has no such file.');

/**
 * A file of a published version, or one of its clips under `clips/`.
 * @throws NOT_FOUND for what the version does not have, and for clips that were withdrawn since
 */
export async function openVersionFile(
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const versions = await publishedVersions();
  const version = versions.find((one) => one.name === name);
  if (!version) throw notFound();
  const isFile = version.files.some((file) => file.path === path);
  const clip = isFile ? null : await clipIn(Number(name.slice(1)), path);
  if (!isFile && clip === null) throw notFound();
  const key = clip === null ? versionKey(name, path) : clipKey(clip);
  const found = await objectStore().get(key, { signal });
  if (!found) throw notFound();
  return found;
}

async function clipIn(version: number, path: string): Promise<string | null> {
  const clip = /([0-9a-f]{64})\.flac$/.exec(path)?.[1];
  if (clip === undefined || path !== clipPath(clip)) return null;
  const { db } = await database();
  const entries = await db.$count(
    datasetEntries,
    and(
      eq(datasetEntries.clip, clip),
      isNull(datasetEntries.withdrawnAt),
      lte(datasetEntries.firstVersion, version),
    ),
  );
  return entries > 0 ? clip : null;
}
