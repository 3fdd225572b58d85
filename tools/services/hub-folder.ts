import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WantedModel } from '../catalogue/find-model';
import { messageOf, PlainError } from '../command/errors';
import { openModelZip } from '../models/model-zip';
import { type Hub, startHub } from './hub-server';

/** By path. */
type Files = Map<string, Uint8Array>;
type IsWanted = (path: string) => boolean;

/**
 * Serves a folder or a zip as a model's repository, by a hub on this machine. Files are read into memory.
 * @param from laid out as the repository is
 * @throws {PlainError} no such folder or zip, nothing of the model in it, a file of 2 GiB or more
 */
export async function serveFolder(
  from: string,
  { repository, paths }: Pick<WantedModel, 'repository' | 'paths'>,
): Promise<Hub> {
  const wanted = new Set(Object.values(paths).flat());
  const isWanted = (path: string) => wanted.size === 0 || wanted.has(path);
  const isFile = statSync(from, { throwIfNoEntry: false })?.isFile() ?? false;
  const files = isFile ? await filesOfZip(from, isWanted) : filesOfFolder(from, isWanted);
  if (files.size === 0)
    throw new PlainError(`${from} has none of ${[...wanted].join(', ') || 'the files'}.`);
  return startHub({ repositories: new Map([[repository, files]]) });
}

function filesOfFolder(folder: string, isWanted: IsWanted): Files {
  const files: Files = new Map();
  for (const path of pathsIn(folder).filter(isWanted)) {
    const file = join(folder, path);
    try {
      if (statSync(file).isFile()) files.set(path, new Uint8Array(readFileSync(file)));
    } catch (error) {
      throw new PlainError(`${file} cannot be served: ${messageOf(error)}`);
    }
  }
  return files;
}

async function filesOfZip(file: string, isWanted: IsWanted): Promise<Files> {
  const zip = await openModelZip(file);
  try {
    const files: Files = new Map();
    for (const { path, bytes } of zip.files.filter((one) => isWanted(one.path))) {
      const whole = new Uint8Array(bytes);
      let at = 0;
      await zip.read(path, (piece) => {
        whole.set(piece, at);
        at += piece.length;
      });
      files.set(path, whole);
    }
    return files;
  } finally {
    await zip.close();
  }
}

/** Paths from the folder, with slashes; hidden files and folders are left out. */
function pathsIn(folder: string): string[] {
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => !/(?:^|\/)\./.test(path));
  } catch (error) {
    throw new PlainError(`${folder} cannot be read: ${messageOf(error)}`);
  }
}
