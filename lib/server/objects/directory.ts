import 'server-only';
import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, memoizePromise, throwIfAborted } from '@/lib/core';
import { fileErrorCode, fileStream, syncDirectory } from '@/lib/server/process';
import { checkKey, type ListedObject, type ObjectStore, type StoredObject } from './store';

/** A draft this old belongs to a process that was killed while it wrote. */
const OLD_DRAFT_MS = 24 * 60 * 60 * 1_000;

/** Ends every file's name, so that the keys `a` and `a/b` can both be there. */
const FILE_MARK = '~';

/** Objects as files below one directory. Several processes of one machine may share it. */
export class DirectoryStore implements ObjectStore {
  readonly #objects: string;
  readonly #drafts: string;
  readonly #tidy = memoizePromise(() => this.#removeOldDrafts());

  /** @param directory absolute; made when something is first written */
  constructor(directory: string) {
    this.#objects = join(directory, 'objects');
    this.#drafts = join(directory, 'drafts');
  }

  async put(...[key, body, options]: Parameters<ObjectStore['put']>): Promise<void> {
    await this.putStream(key, [body], options);
  }

  /** An object is written under a random name and moved into place: it is there whole or not at all. */
  async putStream(
    ...[key, source, options]: [
      key: string,
      source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
      options?: Parameters<ObjectStore['putStream']>[2],
    ]
  ): Promise<void> {
    const file = this.#file(key);
    throwIfAborted(options?.signal);
    const draft = join(this.#drafts, randomBytes(16).toString('hex'));
    await filing(key, async () => {
      await this.#tidy();
      await makeDirectory(dirname(file));
      try {
        const handle = await open(draft, 'wx', 0o600);
        try {
          for await (const piece of source)
            await handle.writeFile(piece, options?.signal ? { signal: options.signal } : {});
          await handle.sync();
        } finally {
          await handle.close();
        }
        throwIfAborted(options?.signal);
        await this.#moveTo(file, draft);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await syncIfThere(dirname(file));
    });
  }

  async #moveTo(file: string, draft: string): Promise<void> {
    try {
      await rename(draft, file);
    } catch (error) {
      if (fileErrorCode(error) !== 'ENOENT') throw error;
      // the folder was empty, and was removed with what had been its last object
      await makeDirectory(dirname(file));
      await rename(draft, file);
    }
  }

  async get(...[key, options]: Parameters<ObjectStore['get']>): Promise<StoredObject | null> {
    const file = this.#file(key);
    throwIfAborted(options?.signal);
    return filing(key, async () => {
      const handle = await openIfThere(file);
      if (!handle) return null;
      try {
        const { size } = await handle.stat();
        return {
          body: fileStream(handle, { start: 0, end: size }, options?.signal),
          sizeBytes: size,
        };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  async delete(...[key, options]: Parameters<ObjectStore['delete']>): Promise<void> {
    const file = this.#file(key);
    throwIfAborted(options?.signal);
    await filing(key, async () => {
      await rm(file, { force: true });
      await syncIfThere(dirname(file));
      await this.#removeEmpty(dirname(file));
    });
  }

  /** Removes a folder and its parents as far as they are empty: their names reveal accounts and links. */
  async #removeEmpty(folder: string): Promise<void> {
    for (let at = folder; at !== this.#objects; at = dirname(at)) {
      try {
        await rmdir(at);
      } catch (error) {
        // something lies there, or the system holds it: the object is gone all the same
        if (fileErrorCode(error) !== 'ENOENT') return;
      }
    }
  }

  async uploadAddress(): Promise<null> {
    return null;
  }

  async *list(...[prefix, options]: Parameters<ObjectStore['list']>): AsyncGenerator<ListedObject> {
    // whole folders of the prefix need not be searched
    const parts = prefix.split('/').slice(0, -1);
    if (parts.length > 0) checkKey(parts.join('/'));
    for await (const found of this.#walk(parts)) {
      throwIfAborted(options?.signal);
      if (found.key.startsWith(prefix)) yield found;
    }
  }

  async ping(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await filing('', () => mkdir(this.#drafts, { recursive: true }));
  }

  #file(key: string): string {
    checkKey(key);
    return join(this.#objects, ...key.split('/')) + FILE_MARK;
  }

  /** Makes the folder of drafts, or removes what killed processes left there. */
  async #removeOldDrafts(): Promise<void> {
    await mkdir(this.#drafts, { recursive: true });
    for (const { name } of await entriesOf(this.#drafts)) {
      const draft = join(this.#drafts, name);
      const facts = await factsIfThere(draft);
      if (facts && Date.now() - facts.mtimeMs > OLD_DRAFT_MS) await rm(draft, { force: true });
    }
  }

  async *#walk(parts: readonly string[]): AsyncGenerator<ListedObject> {
    const folder = join(this.#objects, ...parts);
    for (const entry of await filing(folder, () => entriesOf(folder))) {
      if (entry.isDirectory()) yield* this.#walk([...parts, entry.name]);
      if (!entry.isFile() || !entry.name.endsWith(FILE_MARK)) continue;
      const facts = await filing(entry.name, () => factsIfThere(join(folder, entry.name)));
      if (!facts) continue;
      const key = [...parts, entry.name.slice(0, -FILE_MARK.length)].join('/');
      yield { key, sizeBytes: facts.size, modifiedAt: facts.mtime };
    }
  }
}

/** Names what goes wrong with a file; paths stay in the cause. */
async function filing<T>(key: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error;
    const isPassing = ['EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ENOSPC', 'EDQUOT'].includes(code);
    throw new AppError(
      isPassing ? 'SERVER_BUSY' : 'UNKNOWN',
      `The object directory failed with ${code}.`,
      { cause: error, details: { key } },
    );
  }
}

/** Makes a folder and the ones above it, so that their names last through a power cut. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncIfThere(dirname(at));
}

/** A folder that is gone was removed with its last object, by another call. */
async function syncIfThere(folder: string): Promise<void> {
  try {
    await syncDirectory(folder);
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error;
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function factsIfThere(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    // deleted while the folder was read
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
