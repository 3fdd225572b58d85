import 'server-only';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { AppError } from '@/lib/core';
import { hasAddress, S3Bucket } from '@/lib/server/objects';
import { fileErrorCode, fileStream, log, type S3Settings, serverEnv } from '@/lib/server/process';

/** A file that was written to so lately may still be growing. */
const STILL_MS = 10_000;
/** How file systems say that a file is not there, nor can be. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);
/** Names of files that are being copied. */
const UNFINISHED = /^\.|\.(part|partial|tmp|crdownload|filepart)$|~$/i;

/**
 * Files in a folder of this machine. One counts as whole when it has not changed for ten seconds: a folder cannot
 * say more. What its writer adds later is another file, with another eTag.
 */
class IncomingFolder implements Incoming {
  readonly name = 'folder';
  readonly #folder: string;
  readonly #prefix: string;

  /** @param folder absolute @param prefix of the keys */
  constructor(folder: string, prefix: string) {
    this.#folder = folder;
    this.#prefix = prefix;
  }

  async *list(): AsyncGenerator<IncomingFile> {
    // so that people find it
    await mkdir(this.#folder, { recursive: true });
    yield* this.#walk([], []);
  }

  /** @param parts of the path below the folder @param above which folders lead there: links may lead back */
  async *#walk(parts: readonly string[], above: readonly string[]): AsyncGenerator<IncomingFile> {
    const path = join(this.#folder, ...parts);
    const facts = await ifReadable(() => factsOf(path));
    if (facts?.isDirectory()) {
      const id = `${facts.dev}:${facts.ino}`;
      if (above.includes(id)) return;
      for (const name of (await ifReadable(() => readdir(path))) ?? [])
        yield* this.#walk([...parts, name], [...above, id]);
    } else {
      const found = wholeFile(this.#prefix + parts.join('/'), facts);
      if (found) yield found;
    }
  }

  async look(key: string): Promise<IncomingFile | null> {
    const path = this.#path(key);
    return path === null ? null : wholeFile(key, await factsOf(path));
  }

  async read(...[file, span, signal]: Parameters<Incoming['read']>) {
    const path = this.#path(file.key);
    if (path === null) return null;
    try {
      const handle = await open(path, 'r');
      if (etagOf(await handle.stat()) === file.etag) return fileStream(handle, span, signal);
      await handle.close();
      return null;
    } catch (cause) {
      if (fileErrorCode(cause) === 'ENOENT') return null;
      throw new AppError('UNKNOWN', 'A file of the inbox cannot be read.', { cause });
    }
  }

  async address(): Promise<null> {
    return null;
  }

  /** `null`: the key leads elsewhere. */
  #path(key: string): string | null {
    const parts = key.slice(this.#prefix.length).split('/');
    const isInside = key.startsWith(this.#prefix) && !parts.some((part) => /^\.{0,2}$/.test(part));
    return isInside ? join(this.#folder, ...parts) : null;
  }
}

function wholeFile(key: string, facts: Stats | null): IncomingFile | null {
  if (UNFINISHED.test(posix.basename(key))) return null;
  if (!facts?.isFile() || Date.now() - facts.mtimeMs < STILL_MS) return null;
  return { key, etag: etagOf(facts), sizeBytes: facts.size };
}

/** What cannot be read (another user's folder, say) keeps nobody from what lies beside it. */
async function ifReadable<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === null) throw error;
    if (!ABSENT.has(code)) log('warn', 'ingest.not_readable', { code });
    return null;
  }
}

const etagOf = ({ size, mtimeMs }: Stats) => `${size}-${Math.round(mtimeMs)}`;

async function factsOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    // renamed or removed since it was listed, or a name that the file system cannot have
    if (ABSENT.has(fileErrorCode(error) ?? '')) return null;
    throw error;
  }
}

/** Objects of our own bucket. They appear when they are whole, those uploaded in parts too. */
class IncomingBucket implements Incoming {
  readonly name: string;
  readonly #bucket: S3Bucket;
  readonly #prefix: string;

  /** @param prefix of the keys of recordings */
  constructor(settings: S3Settings, prefix: string) {
    this.name = settings.bucket;
    this.#bucket = new S3Bucket(settings);
    this.#prefix = prefix;
  }

  async *list(signal?: AbortSignal): AsyncGenerator<IncomingFile> {
    for await (const { key, etag, sizeBytes } of this.#bucket.list(this.#prefix, signal))
      if (sizeBytes > 0 && etag !== null && hasAddress(key)) yield { key, etag, sizeBytes };
  }

  async look(key: string, signal?: AbortSignal): Promise<IncomingFile | null> {
    if (!key.startsWith(this.#prefix) || !hasAddress(key)) return null;
    const found = await this.#bucket.read(key, { start: 0, end: 1 }, signal);
    await found?.body.cancel();
    return found && { key, etag: found.etag, sizeBytes: found.sizeBytes };
  }

  async read(...[file, span, signal]: Parameters<Incoming['read']>) {
    const found = await this.#bucket.read(file.key, span, signal);
    if (found?.etag === file.etag) return found.body;
    await found?.body.cancel();
    return null;
  }

  address(key: string, lifetimeS: number): Promise<string | null> {
    return this.#bucket.presign(key, posix.basename(key), lifetimeS);
  }
}

/** Where recordings come in: our bucket, or a folder of the data. */
export function incoming(): Incoming {
  const { s3, dataDir, ingestPrefix } = serverEnv();
  return s3
    ? new IncomingBucket(s3, ingestPrefix)
    : new IncomingFolder(join(dataDir, 'inbox'), ingestPrefix);
}

/** A file that lies there whole. */
export interface IncomingFile {
  /** The whole key, prefix included. */
  key: string;
  /** Of these very bytes. */
  etag: string;
  sizeBytes: number;
}

/** Bytes of a file, the last one not included. */
export interface ByteSpan {
  start: number;
  end: number;
}

/** Where recordings come in. Failures are those of object stores. */
export interface Incoming {
  /** Distinguishes it from others: part of a job's id. */
  readonly name: string;
  /** Everything that lies there whole. */
  list(signal?: AbortSignal): AsyncIterable<IncomingFile>;
  /** What lies under a key now; `null`: nothing, or it is not whole yet. */
  look(key: string, signal?: AbortSignal): Promise<IncomingFile | null>;
  /** Bytes of a file; `null`: it is gone, or another one lies there now. */
  read(
    file: Pick<IncomingFile, 'key' | 'etag'>,
    span: ByteSpan,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** An address of the file that holds for a while; `null`: the app has to give it out itself. */
  address(key: string, lifetimeS: number): Promise<string | null>;
}
