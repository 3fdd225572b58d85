import 'server-only';
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import {
  type Shelf,
  type ShelfFile,
  type ShelfModel,
  shelfEntrySchema,
  shelfFiles,
} from '@/lib/contracts';
import { AppError, isAppError, newId } from '@/lib/core';
import { parseRange } from '@/lib/server/http';
import { fileErrorCode, fileStream, serverEnv, syncDirectory } from '@/lib/server/process';
import { ShelfFolder } from './shelf-folder';

const shelf = () => new ShelfFolder(serverEnv().dataDir);

/** The models that this server has itself, and the default among them. */
export async function readShelf(): Promise<Shelf> {
  const folder = shelf();
  const [{ models }, defaultModelId] = await Promise.all([folder.list(), folder.defaultId()]);
  return { models, defaultModelId };
}

/**
 * Sets the model for browsers that have not chosen any.
 * @param modelId `null`: the built-in one
 * @throws NOT_FOUND when there is no such model; FORBIDDEN where the folder may only be read
 */
export async function setDefaultModel(modelId: string | null): Promise<void> {
  const folder = shelf();
  if (modelId !== null && !(await folder.find(modelId)))
    throw new AppError('NOT_FOUND', 'This server has no such model.');
  try {
    await folder.setDefault(modelId);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
    throw new AppError(
      'FORBIDDEN',
      'The server may only read its models: set the default by npm run models -- default ID.',
      { cause: error },
    );
  }
}

/** Which file of the shelf is asked for. */
export interface FileRequest {
  id: string;
  revision: string;
  path: string;
  method: string;
  headers: Headers;
  signal: AbortSignal;
}

/**
 * One file of a model, or the part of it that is asked for. The revision stands for these bytes alone,
 * so that an answer may be kept for ever.
 * @throws NOT_FOUND for what is not on the shelf, whatever else lies on the disk
 */
export async function answerShelfFile(asked: FileRequest): Promise<Response> {
  const { id, revision, path, headers: requestHeaders } = asked;
  const folder = shelf();
  const model = await folder.find(id);
  const file = model?.revision === revision ? fileOf(model, path) : null;
  if (!file) throw missing();
  const { bytes, sha256 } = file;
  const etag = `"${sha256}"`;
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    // compressing it again would hide its length, which resumed downloads need
    'cache-control': 'public, max-age=31536000, immutable, no-transform',
    'accept-ranges': 'bytes',
    etag,
  });
  if (isNamed(requestHeaders.get('if-none-match'), etag))
    return new Response(null, { status: 304, headers });
  const isCurrent = (requestHeaders.get('if-range') ?? etag) === etag;
  const range = isCurrent ? parseRange(requestHeaders.get('range'), bytes) : null;
  if (range === 'none') {
    headers.set('content-range', `bytes */${bytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: bytes };
  headers.set('content-length', String(end - start));
  if (range) headers.set('content-range', `bytes ${start}-${end - 1}/${bytes}`);
  const status = range ? 206 : 200;
  const handle = await openWhole(folder, id, file);
  if (asked.method === 'HEAD') {
    await handle.close();
    return new Response(null, { status, headers });
  }
  const body = fileStream(handle, { start, end }, asked.signal);
  // the stream's pieces are never over shared memory
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers });
}

const missing = () => new AppError('NOT_FOUND', 'This server has no such file of a model.');

function fileOf(model: ShelfModel, path: string): ShelfFile | null {
  return shelfFiles(model)?.find((file) => file.path === path) ?? null;
}

/** Whether one of the marks in the header is this one. */
function isNamed(header: string | null, etag: string): boolean {
  return header?.split(',').some((mark) => mark.trim().replace(/^W\//, '') === etag) ?? false;
}

/** @throws NOT_FOUND, also for what a link leads out of the folder to; UNKNOWN when it was damaged */
async function openWhole(folder: ShelfFolder, id: string, file: ShelfFile): Promise<FileHandle> {
  let handle: FileHandle | null = null;
  try {
    const path = await realpath(/* turbopackIgnore: true */ folder.fileOf(id, file.path));
    const inside = `${await realpath(/* turbopackIgnore: true */ folder.path)}${sep}`;
    if (!path.startsWith(inside)) throw missing();
    handle = await open(/* turbopackIgnore: true */ path, 'r');
    const { size } = await handle.stat();
    if (size === file.bytes) return handle;
    throw new AppError(
      'UNKNOWN',
      `A file of model "${id}" no longer has its original length: npm run models -- verify says more.`,
      { details: { path: file.path, bytes: size, expected: file.bytes } },
    );
  } catch (error) {
    await handle?.close();
    // removed meanwhile
    if (!isAppError(error) && fileErrorCode(error) === 'ENOENT') throw missing();
    throw error;
  }
}

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
