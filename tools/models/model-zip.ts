// Models as zip files: what `npm run models -- export` writes and `add` takes. Every file is read and
// written in pieces, however large it is.
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  configure,
  type Entry,
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_OVERLAPPING_ENTRY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSAFE_FILENAME,
  ERR_UNSUPPORTED_COMPRESSION,
  type FileEntry,
  Reader,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js';
import { codeOf, messageOf, PlainError } from '../command/errors';

/** A file of a zip. */
export interface ZippedFile {
  /** As in the model's repository: with slashes, without the folder around all. */
  path: string;
  /** Unpacked. */
  bytes: number;
}

type Write = (bytes: Uint8Array) => void;

/** A zip whose entries have been checked. */
export interface ModelZip {
  files: readonly ZippedFile[];
  /** Unpacks one file in pieces and checks it. */
  read(path: string, write: Write, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A file that is to be written into a zip. */
export interface NewFile {
  path: string;
  content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  bytes: number;
}

/** Most entries of a zip: repositories of models have some dozens. */
const MAX_ENTRIES = 10_000;
/**
 * How much larger than packed a file may be, beside a small one's allowance. Weights hardly shrink, and
 * texts to a tenth; what unpacks to far more is made to fill disks.
 */
const MAX_RATIO = 100;
const SMALL_BYTES = 1024 * 1024;
/** Read at once from the file. */
const PIECE_BYTES = 1024 * 1024;

// what computes here is one command: workers would only add messages
configure({ useWebWorkers: false, chunkSize: PIECE_BYTES });

/** A file of the disk, read where the zip's directory points to. */
class DiskReader extends Reader<FileHandle> {
  constructor(
    private readonly handle: FileHandle,
    size: number,
  ) {
    super(handle);
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - index));
    const bytes = new Uint8Array(wanted);
    let at = 0;
    while (at < wanted) {
      const { bytesRead } = await this.handle.read(bytes, at, wanted - at, index + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  }
}

/**
 * Opens a zip and looks at all its entries; nothing is unpacked yet.
 * @throws {PlainError} it is no zip, damaged, encrypted, or names files outside of itself
 */
export async function openModelZip(file: string): Promise<ModelZip> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new PlainError(`${file} cannot be opened (${codeOf(error)}).`);
  });
  try {
    const { size } = await handle.stat();
    const reader = new ZipReader(new DiskReader(handle, size), { strictness: 'strict' });
    const entries = await checkedEntries(file, reader);
    return {
      files: [...entries].map(([path, { uncompressedSize }]) => ({
        path,
        bytes: uncompressedSize,
      })),
      read: (path, write, signal) => unpack(file, path, entries.get(path), write, signal),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error instanceof PlainError ? error : damaged(file, error);
  }
}

/**
 * Writes a zip; it appears under its name when it is whole. Weights do not shrink: files are stored as
 * they are.
 * @param file must not be there yet
 * @throws {PlainError} it is there already, or cannot be written
 */
export async function writeModelZip(
  file: string,
  files: readonly NewFile[],
  signal?: AbortSignal,
): Promise<void> {
  if (existsSync(file))
    throw new PlainError(`${file} is there already: name another one, or take it away first.`);
  const draft = `${file}.part`;
  try {
    const out = openSync(draft, 'w');
    try {
      const target = new WritableStream<Uint8Array>({ write: (bytes) => writeAll(out, bytes) });
      const writer = new ZipWriter(target, { level: 0, extendedTimestamp: false });
      for (const { path, content, bytes } of files)
        await writer.add(path, readerOf(content, bytes), signal ? { signal } : {});
      await writer.close();
    } finally {
      closeSync(out);
    }
    renameSync(draft, file);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC') throw new PlainError(`The disk is full: ${file} was not written.`);
    // what the system refused
    if (code !== null && error instanceof Error && 'syscall' in error)
      throw new PlainError(`${file} cannot be written (${code}).`);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** What zip.js takes of a stream whose length is known. */
function readerOf(content: NewFile['content'], size: number) {
  const readable = content instanceof Uint8Array ? new Blob([content]).stream() : content;
  return { readable, size };
}

function writeAll(out: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at);
}

/** Entries that are files, by their path without the one folder around all. */
async function checkedEntries(
  file: string,
  reader: ZipReader<FileHandle>,
): Promise<Map<string, FileEntry>> {
  const entries: FileEntry[] = [];
  for await (const entry of reader.getEntriesGenerator()) {
    checkEntry(file, entry);
    if (entries.length === MAX_ENTRIES)
      throw new PlainError(`${file} has more than ${MAX_ENTRIES} files: it is no model.`);
    if (!entry.directory && !isOfASystem(entry.filename)) entries.push(entry);
  }
  const [first] = entries;
  const top = first?.filename.split('/')[0] ?? '';
  const inFolder = entries.every(({ filename }) => filename.startsWith(`${top}/`));
  // ends of a path that every file has stay: `onnx/` alone is part of a repository's paths
  const cut = inFolder && top !== 'onnx' ? top.length + 1 : 0;
  return new Map(entries.map((entry) => [entry.filename.slice(cut), entry]));
}

/** What systems put into zips beside the files that were meant. */
const isOfASystem = (name: string) => /(?:^|\/)(?:\.|__MACOSX(?:\/|$))/.test(name);

function checkEntry(file: string, entry: Entry): void {
  const { filename, encrypted, symlink, unixMode, compressedSize, uncompressedSize } = entry;
  const refuse = (why: string) => {
    throw new PlainError(`${file} was not opened: ${JSON.stringify(filename)} in it ${why}.`);
  };
  if (encrypted) refuse('is encrypted. Unpack it with its password, and give the folder');
  if (symlink) refuse('is a link, where only files belong');
  const kind = (unixMode ?? 0) & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000)
    refuse('is neither a file nor a folder');
  if (/\\|\p{Cc}/u.test(filename)) refuse('has a name that not every system takes');
  if (uncompressedSize > SMALL_BYTES + MAX_RATIO * compressedSize)
    refuse(`unpacks to more than ${MAX_RATIO} times its size: it is made to fill disks`);
}

async function unpack(
  file: string,
  path: string,
  entry: FileEntry | undefined,
  write: Write,
  signal?: AbortSignal,
): Promise<void> {
  if (!entry) throw new PlainError(`${file} has no file ${path}.`);
  let at = 0;
  // what the disk reports is passed on as such, and not as a fault of the zip
  let refusal: unknown = null;
  const sink = new WritableStream<Uint8Array>({
    write(bytes) {
      at += bytes.length;
      try {
        if (at > entry.uncompressedSize)
          throw new PlainError(`${path} in ${file} is longer than it says.`);
        write(bytes);
      } catch (error) {
        refusal = error;
        throw error;
      }
    },
  });
  try {
    await entry.getData(sink, {
      checkSignature: true,
      checkOverlappingEntry: true,
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw refusal ?? damaged(`${path} in ${basename(file)}`, error);
  }
  if (at !== entry.uncompressedSize) throw new PlainError(`${path} in ${file} is not whole.`);
}

/** What is wrong with a zip, by zip.js's names of it. */
const REASONS = new Map<string, string>([
  [ERR_UNSAFE_FILENAME, 'it names a file outside of itself, so nothing of it was unpacked'],
  [
    ERR_SPLIT_ZIP_FILE,
    'it is one part of several. Put them together, or unpack them and give the folder',
  ],
  [ERR_OVERLAPPING_ENTRY, 'files in it lie over each other: it is made to fill disks'],
  [
    ERR_AMBIGUOUS_ARCHIVE,
    'its directory can be read in two ways. Unpack it, look at it, and give the folder',
  ],
  [
    ERR_UNSUPPORTED_COMPRESSION,
    'it is packed in a way that is not known here. Unpack it, and give the folder',
  ],
]);

function damaged(what: string, error: unknown): PlainError {
  const reason = REASONS.get(messageOf(error));
  // zip.js and the platform's own unpacking speak of a damaged file in many ways
  return new PlainError(
    reason
      ? `${what} cannot be used: ${reason}.`
      : `${what} is no zip file, or a damaged one: copy or download it again, or give the unpacked folder.`,
  );
}
