import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { openModelZip } from './model-zip';
import { userError } from './user-errors';

/** A model's files on this machine: a folder, or a zip. */
export interface LocalFiles {
  /** The folder's or the zip's name. */
  title: string;
  /** How it is spoken of: `the folder /models/mine`. */
  what: string;
  /** Laid out as in the model's repository. */
  files: readonly { path: string; bytes: number }[];
  /** Gives one file in pieces. */
  read(path: string, write: (bytes: Uint8Array) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Folders of a repository that are looked into, from the top one. */
const MAX_DEPTH = 4;
/** A model's folder has some dozens: more are somebody's home. */
const MAX_FILES = 10_000;

/** @throws one sentence when it is neither a folder nor a zip */
export async function openLocal(path: string): Promise<LocalFiles> {
  const full = resolve(path);
  const facts = await stat(full);
  if (facts.isDirectory()) return openFolder(full);
  if (facts.isFile() && /\.zip$/i.test(full)) return openZip(full);
  throw userError(
    `${full} is neither a folder nor a zip: give the model's folder, laid out as its repository is, or a zip of it.`,
  );
}

async function openFolder(folder: string): Promise<LocalFiles> {
  const files: { path: string; bytes: number }[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const { name } of entries) {
      if (name.startsWith('.')) continue;
      const path = below === '' ? name : `${below}/${name}`;
      // downloads of the hub's own tools are folders of links
      const facts = await stat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT')
          throw userError(`${join(folder, path)} is a link to nothing.`, error);
        throw error;
      });
      if (facts.isDirectory() && depth < MAX_DEPTH) await walk(path, depth + 1);
      if (facts.isFile()) files.push({ path, bytes: facts.size });
      if (files.length > MAX_FILES)
        throw userError(`${folder} has more than ${MAX_FILES} files: it is no model's folder.`);
    }
  };
  await walk('', 0);
  return {
    title: basename(folder),
    what: `the folder ${folder}`,
    files,
    async read(path, write, signal) {
      const stream = createReadStream(join(folder, path), { signal, highWaterMark: 1024 * 1024 });
      for await (const piece of stream) write(piece);
    },
    close: async () => undefined,
  };
}

async function openZip(file: string): Promise<LocalFiles> {
  const { files, read, close } = await openModelZip(file);
  return {
    title: basename(file).replace(/\.zip$/i, ''),
    what: `the zip ${file}`,
    files,
    read,
    close,
  };
}
