import 'server-only';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SPLITS, sha256Schema, versionNameSchema } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { objectStore } from '@/lib/server/objects';
import { fileErrorCode } from '@/lib/server/process';
import { clipKey, clipPath, versionKey } from './dataset-objects';
import { LATEST } from './publish';
import { huggingFaceFolder, INDEX_FILE, nemoFile } from './version-files';

const latestSchema = z.object({ name: versionNameSchema, sha256: sha256Schema });

/** Names joined by slashes, none of which leads out of the folder. */
const pathSchema = z.string().regex(/^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/);

const indexSchema = z.object({
  files: z.array(z.object({ path: pathSchema, sha256: sha256Schema })),
});

/** What was copied. */
export interface CopiedVersion {
  name: string;
  /** Files that were there already, with the right content, are among them. */
  files: number;
  clips: number;
  /** Clips that were withdrawn since the version was published. */
  withdrawn: number;
}

/** What is to be copied, and to where. */
export interface CopyOptions {
  folder: string;
  /** The newest one unless given. */
  name?: string | undefined;
  signal: AbortSignal;
  onClip?: (count: number) => void;
}

/**
 * Copies a version with its clips from the object store into a folder, as training programs read it.
 * Every file is compared with its hash; what is there already stays, so that a copy which was
 * interrupted resumes.
 * @throws NOT_FOUND when there is no such version; UNKNOWN for a file with another hash than it has to
 * have; SERVER_BUSY when the store fails
 */
export async function copyVersion(options: CopyOptions): Promise<CopiedVersion> {
  const { folder, signal, onClip } = options;
  const latest = await readLatest(signal);
  const name = options.name ?? latest?.name;
  const hash = name === latest?.name ? latest?.sha256 : undefined;
  if (name === undefined) throw new AppError('NOT_FOUND', 'No version was published yet.');
  const at = join(folder, 'manifests', name);
  const indexFile = join(at, INDEX_FILE);
  if (!(await copyObject(versionKey(name, INDEX_FILE), indexFile, hash, signal)))
    throw new AppError('NOT_FOUND', `There is no version ${name}.`);
  const { files } = indexSchema.parse(JSON.parse(await textOf(indexFile)));
  for (const { path, sha256 } of files) {
    if (!(await copyObject(versionKey(name, path), join(at, path), sha256, signal)))
      throw new AppError('UNKNOWN', `The file ${path} of ${name} is missing.`);
  }
  await copyObject(versionKey(name, 'SHA256SUMS'), join(at, 'SHA256SUMS'), undefined, signal);
  const copied: CopiedVersion = { name, files: files.length + 2, clips: 0, withdrawn: 0 };
  for (const split of SPLITS) {
    await linkClips(folder, join(at, huggingFaceFolder(split)));
    for await (const clip of clipsOf(join(at, nemoFile(split).path))) {
      const isThere = await copyObject(clipKey(clip), join(folder, clipPath(clip)), clip, signal);
      if (isThere) copied.clips += 1;
      else copied.withdrawn += 1;
      onClip?.(copied.clips);
    }
  }
  return copied;
}

async function readLatest(signal: AbortSignal) {
  const found = await objectStore().get(LATEST, { signal });
  return found && latestSchema.parse(await new Response(found.body).json());
}

/** Puts a link to the folder of clips into another one, which only takes what lies below it. */
async function linkClips(folder: string, into: string): Promise<void> {
  try {
    const clips = join(folder, 'clips');
    // Windows wants a whole path of what anyone may link; elsewhere the copy can be moved
    const target = process.platform === 'win32' ? clips : relative(into, clips);
    await symlink(target, join(into, 'clips'), 'junction');
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
  }
}

/** The clips that a manifest names. */
async function* clipsOf(file: string): AsyncGenerator<string> {
  const line = z.object({ sha256: sha256Schema });
  for await (const text of createInterface({ input: createReadStream(file) }))
    yield line.parse(JSON.parse(text)).sha256;
}

async function textOf(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(file)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** @returns false when the store has no such object */
async function copyObject(
  key: string,
  file: string,
  sha256: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (sha256 !== undefined && (await hashOf(file)) === sha256) return true;
  const found = await objectStore().get(key, { signal });
  if (!found) return false;
  await mkdir(dirname(file), { recursive: true });
  // under its own name only when it is whole
  const draft = `${file}.${newId()}`;
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const piece of found.body) {
      hash.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(hashed(), createWriteStream(draft), { signal });
    if (sha256 !== undefined && hash.digest('hex') !== sha256)
      throw new AppError('UNKNOWN', `The object ${key} is not what the version says.`);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return true;
}

/** `null`: there is no such file. */
async function hashOf(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(piece);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}
