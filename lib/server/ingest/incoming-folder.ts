import 'server-only';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { AppError } from '@/lib/core';
import { fileErrorCode, fileStream } from '@/lib/server/process';
import type { Incoming, IncomingFile } from './incoming';

/** A file that was written to so lately may still be growing. */
const STILL_MS = 10_000;
/** Names of files that are being copied. */
const UNFINISHED = /^\.|\.(part|partial|tmp|crdownload|filepart)$|~$/i;

/**
 * Files in a folder of this machine. One counts as whole when it has not changed for ten seconds: a folder cannot
 * say more. What its writer adds later is another file, with another eTag.
 */
export class IncomingFolder implements Incoming {
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
    const entries = await readdir(this.#folder, { recursive: true, encoding: 'utf8' });
    for (const path of entries) {
      const found = await this.look(this.#prefix + path.split('\\').join('/'));
      if (found) yield found;
    }
  }

  async look(key: string): Promise<IncomingFile | null> {
    const path = this.#path(key);
    if (path === null || UNFINISHED.test(posix.basename(key))) return null;
    const facts = await factsOf(path);
    if (!facts?.isFile() || Date.now() - facts.mtimeMs < STILL_MS) return null;
    return { key, etag: etagOf(facts), sizeBytes: facts.size };
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

const etagOf = ({ size, mtimeMs }: Stats) => `${size}-${Math.round(mtimeMs)}`;

async function factsOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    // renamed or removed since it was listed
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
