import 'server-only';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { type Shelf, type ShelfFile, type ShelfModel, shelfFiles } from '@/lib/contracts';
import { AppError, isAppError } from '@/lib/core';
import { parseRange } from '@/lib/server/http';
import { fileErrorCode, fileStream, serverEnv } from '@/lib/server/process';
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
