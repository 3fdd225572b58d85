import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { PublishedModel } from '../../lib/catalogue/catalogue';
import { describeAdded } from '../../lib/client/model-library/added-model';
import { type ShelfFile, shelfEntrySchema } from '../../lib/contracts/server-models';
import { isAppError } from '../../lib/core/errors';
import type { ShelfFolder } from '../../lib/server/models/shelf-folder';
import type { LocalFiles } from './adding';
import { Staging } from './staging';
import { type CommandContext, userError } from './user-errors';

/** What `export` writes beside a model's files: which model they are, with the hash of each. */
export const ENTRY_FILE = 'ai2text-model.json';
/** Descriptions that are longer are none. */
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;
const NO_REVISION = 'local';

/**
 * Which model these files are.
 * @param taken ids that other models have
 * @throws one sentence that says what was looked at, and what is missing
 */
export async function describeLocal(
  source: LocalFiles,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const { what, files, title } = source;
  if (files.length === 0) throw userError(`Looked into ${what}: it is empty.`);
  const exported = await readJson(source, ENTRY_FILE, signal);
  if (exported !== null) return describeExported(source, exported);
  const config = await readJson(source, 'config.json', signal);
  try {
    const model = describeAdded(
      {
        title,
        repository: '',
        revision: NO_REVISION,
        files: files.map(({ path, bytes }) => ({ path, bytes: bytes || null, sha256: null })),
        config,
        licence: null,
        languages: [],
      },
      taken,
    );
    return { ...model, description: 'Added to this server from files of its owner.' };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'MODEL_UNSUPPORTED') throw error;
    throw userError(
      `Looked at the ${files.length} files of ${what}: they are no model that the app can run. ${error.message} It takes Whisper, Moonshine, and NeMo's CTC and TDT as ONNX, laid out as their repositories are (config.json, onnx/…).`,
      error,
    );
  }
}

function describeExported({ what, files }: LocalFiles, value: unknown): PublishedModel {
  const entry = shelfEntrySchema.safeParse(value);
  if (!entry.success)
    throw userError(
      `${ENTRY_FILE} in ${what} is damaged, or of a newer version: export the model again, or bring this app up to date.`,
    );
  const { model } = entry.data;
  const there = new Set(files.map(({ path }) => path));
  for (const variant of [model.backends.wasm, model.backends.webgpu])
    for (const { path } of Object.values(variant?.files ?? {}))
      if (!there.has(path))
        throw userError(`${path} is missing in ${what}: export or copy the model again.`);
  return model;
}

/** `null`: there is no such file, or it is not JSON: it says nothing of the model. */
async function readJson(source: LocalFiles, path: string, signal: AbortSignal): Promise<unknown> {
  const file = source.files.find((one) => one.path === path);
  if (!file || file.bytes > MAX_DESCRIPTION_BYTES) return null;
  const pieces: Uint8Array[] = [];
  await source.read(path, (bytes) => void pieces.push(Uint8Array.from(bytes)), signal);
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Copies a model's files onto the shelf, each hashed on the way. Nothing is left when it breaks off. */
export async function addLocal(
  shelf: ShelfFolder,
  source: LocalFiles,
  model: PublishedModel,
  context: CommandContext,
): Promise<void> {
  const workshop = new Staging(shelf, model.id);
  const wanted = wantedFiles(model);
  const sizes = new Map(source.files.map(({ path, bytes }) => [path, bytes]));
  const totalBytes = [...wanted.keys()].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  await workshop.alone(async () => {
    await workshop.clear();
    await workshop.requireQuota(totalBytes, 0);
    try {
      const kept = new Map<string, ShelfFile>();
      for (const [path, sha256] of wanted) {
        const file = await copyFile(workshop, source, path, context);
        if (sha256 !== null && file.sha256 !== sha256)
          throw userError(
            `${path} in ${source.what} is not the file that was exported: copy the model again from where it comes from.`,
          );
        kept.set(path, file);
      }
      context.signal.throwIfAborted();
      await workshop.finish(model, kept);
    } catch (error) {
      await workshop.clear();
      throw error;
    }
  });
}

/** The files that backends load, with their hash where it is known. */
function wantedFiles({ backends }: PublishedModel): Map<string, string | null> {
  const files = [backends.wasm, backends.webgpu].flatMap((one) => Object.values(one?.files ?? {}));
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

async function copyFile(
  workshop: Staging,
  source: LocalFiles,
  path: string,
  context: CommandContext,
): Promise<ShelfFile> {
  const totalBytes = source.files.find((file) => file.path === path)?.bytes ?? 0;
  const target = await workshop.pathOf(path);
  const hash = createHash('sha256');
  const out = openSync(target, 'wx');
  let bytes = 0;
  try {
    await source.read(
      path,
      (piece) => {
        for (let at = 0; at < piece.length; ) at += writeSync(out, piece, at);
        hash.update(piece);
        bytes += piece.length;
        context.progress(path, bytes, totalBytes);
      },
      context.signal,
    );
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
  checkContent(path, target);
  return { path, bytes, sha256: hash.digest('hex') };
}

/** The longest text file of a model that is parsed as a whole. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const LFS_POINTER = 'version https://git-lfs';
/** Field 7 of ONNX's ModelProto: the graph, without which a file is not a model. */
const GRAPH_FIELD = 7;
/** Tag and length of a field take at most 10 bytes each. */
const HEAD_BYTES = 20;

/**
 * Looks whether a file is what its name says, and whole as far as it tells by itself: for files of
 * which nobody knows a hash.
 * @throws one sentence that says what is wrong with it
 */
function checkContent(path: string, file: string): void {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size === 0) throw userError(`${path} is empty: copy or download it again.`);
    const head = Buffer.alloc(Math.min(size, LFS_POINTER.length));
    readSync(fd, head, 0, head.length, 0);
    if (head.toString('latin1') === LFS_POINTER)
      throw userError(
        `${path} is a note of Git LFS that stands for the file: run git lfs pull there, then add it again.`,
      );
    if (path.endsWith('.onnx') && !isWholeGraph(fd, size))
      throw userError(
        `${path} is no ONNX graph, or not all of one: copy or download it again and compare its size with the original.`,
      );
    if (path.endsWith('.json') && size <= MAX_TEXT_BYTES && !isJson(file))
      throw userError(`${path} is no JSON, or not all of it: copy or download it again.`);
  } finally {
    closeSync(fd);
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * Whether the outermost fields of the Protocol Buffers message fill the file and one of them is the
 * graph. Only their heads are read: graphs have gigabytes.
 */
function isWholeGraph(fd: number, size: number): boolean {
  let hasGraph = false;
  let at = 0;
  while (at < size) {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size - at));
    readSync(fd, head, 0, head.length, at);
    const tag = varint(head, 0);
    if (!tag || tag.value < 8) return false;
    const length = lengthOf(tag.value % 8, head, tag.end);
    if (length === null) return false;
    if (Math.floor(tag.value / 8) === GRAPH_FIELD && tag.value % 8 === 2) hasGraph = true;
    at += length;
  }
  return at === size && hasGraph;
}

/** Bytes of a field with its tag; `null`: no such kind of field is in an ONNX file. */
function lengthOf(wireType: number, head: Buffer, from: number): number | null {
  if (wireType === 1) return from + 8;
  if (wireType === 5) return from + 4;
  if (wireType !== 0 && wireType !== 2) return null;
  const number = varint(head, from);
  if (!number) return null;
  return wireType === 0 ? number.end : number.end + number.value;
}

function varint(bytes: Buffer, from: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 10; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return null;
}
