import type { PublishedModel, PublishedVariant } from '@/lib/catalogue';
import { AppError, isAbort } from '@/lib/core';
import {
  describeRepository,
  type HubOptions,
  inspectFile,
  listRepository,
  statusOf,
} from '../hub/hub-listing';
import type { PlannedFile } from './install-manifest';

/** The files of a variant, each once, with what is known of them before the hub is asked. */
function knownFiles(variant: PublishedVariant): PlannedFile[] {
  const byPath = new Map<string, PlannedFile>();
  for (const { path, bytes, sha256 } of Object.values(variant.files))
    byPath.set(path, { path, bytes, sha256, gitSha1: null, etag: null });
  return [...byPath.values()];
}

/**
 * Finds out lengths and hashes of a variant's files: from the catalogue, else from the hub's
 * listing, else (a hub without listings) from a HEAD of each file.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, ABORTED
 */
export async function planFiles(
  model: PublishedModel,
  variant: PublishedVariant,
  hub: () => Promise<string>,
  options: HubOptions,
): Promise<PlannedFile[]> {
  const files = knownFiles(variant);
  if (files.every(({ bytes, sha256 }) => bytes !== null && sha256 !== null)) return files;
  const { repository, revision } = model;
  const address = await hub();
  const listed = await listingOf(address, model, options);
  const planned: PlannedFile[] = [];
  for (const file of files) {
    const found = listed
      ? listed.find(({ path }) => path === file.path)
      : await inspectFile(address, repository, revision, file.path, options);
    if (!found)
      throw new AppError('MODEL_DOWNLOAD_FAILED', `${repository} has no file "${file.path}".`, {
        details: { status: 404 },
      });
    planned.push({
      ...found,
      bytes: file.bytes ?? found.bytes,
      sha256: file.sha256 ?? found.sha256,
    });
  }
  return planned;
}

/** A revision that can never mean other files. */
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The commit that a branch's name means now: a download that is resumed next week, or a second
 * backend's, must get files that belong together. If the hub does not report it, the name is kept.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED (no connection), ABORTED
 */
export async function pinnedRevision(
  { repository, revision }: PublishedModel,
  hub: () => Promise<string>,
  options: HubOptions,
): Promise<string> {
  if (COMMIT.test(revision) || repository === '') return revision;
  try {
    const found = await describeRepository(await hub(), repository, revision, options);
    return found?.commit ?? revision;
  } catch (error) {
    // a mirror may have files only; if it has nothing at all, downloading them will fail
    if (statusOf(error) === null) throw error;
    return revision;
  }
}

/** `null`: this hub has no listings. */
async function listingOf(hub: string, model: PublishedModel, options: HubOptions) {
  try {
    return await listRepository(hub, model.repository, model.revision, options);
  } catch (error) {
    const status = statusOf(error);
    if (isAbort(error) || (status !== 404 && status !== 405)) throw error;
    return null;
  }
}

/** Length of all files; where one is not known, at least what the catalogue guesses. */
export function totalBytesOf(files: readonly PlannedFile[], approximateBytes: number): number {
  const known = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  return files.every(({ bytes }) => bytes !== null) ? known : Math.max(known, approximateBytes);
}
