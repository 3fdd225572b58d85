import 'server-only';
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ShelfModel, shelfEntrySchema, shelfFiles } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { fileErrorCode, serverEnv, syncDirectory } from '@/lib/server/process';
import { ShelfFolder } from './shelf-folder';

/** Where the bytes of a model's file come from; `null`: there is no such file. */
type CopyFile = (path: string) => Promise<AsyncIterable<Uint8Array> | null>;

/**
 * Puts a model on the shelf: its files are copied and compared with the entry's lengths and hashes on
 * the way, and it appears when it is whole. One that is there already stays.
 * @throws MODEL_HASH_MISMATCH when a file is missing or not what the entry says; nothing is left then
 */
export async function addToShelf(model: ShelfModel, copy: CopyFile): Promise<void> {
  const shelf = new ShelfFolder(serverEnv().dataDir);
  if (await shelf.find(model.id)) return;
  const coming = join(/* turbopackIgnore: true */ shelf.path, '.coming', newId());
  try {
    for (const file of shelfFiles(model) ?? []) {
      const to = join(coming, 'files', ...file.path.split('/'));
      await mkdir(dirname(to), { recursive: true });
      await copyChecked(await copy(file.path), to, file);
    }
    const entry = shelfEntrySchema.parse({ version: 1, model });
    await write(join(coming, 'model.json'), [new TextEncoder().encode(JSON.stringify(entry))]);
    await rename(coming, join(shelf.path, model.id));
    await syncDirectory(shelf.path);
  } catch (error) {
    await rm(coming, { recursive: true, force: true });
    const code = fileErrorCode(error);
    // another instance was first
    if ((code === 'ENOTEMPTY' || code === 'EEXIST') && (await shelf.find(model.id))) return;
    throw error;
  }
}

async function copyChecked(
  source: AsyncIterable<Uint8Array> | null,
  to: string,
  { path, bytes, sha256 }: { path: string; bytes: number; sha256: string },
): Promise<void> {
  const wrong = (what: string) =>
    new AppError('MODEL_HASH_MISMATCH', `The model’s file ${path} ${what}.`);
  if (!source) throw wrong('is not in the store');
  const hash = createHash('sha256');
  let copied = 0;
  const counted = async function* () {
    for await (const piece of source) {
      copied += piece.length;
      if (copied > bytes) throw wrong(`is longer than its ${bytes} bytes`);
      hash.update(piece);
      yield piece;
    }
  };
  await write(to, counted());
  if (copied !== bytes) throw wrong(`has ${copied} bytes instead of ${bytes}`);
  if (hash.digest('hex') !== sha256) throw wrong('has another SHA-256 than was reported');
}

async function write(to: string, pieces: AsyncIterable<Uint8Array> | Uint8Array[]): Promise<void> {
  const handle: FileHandle = await open(/* turbopackIgnore: true */ to, 'wx');
  try {
    for await (const piece of pieces) await handle.write(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
