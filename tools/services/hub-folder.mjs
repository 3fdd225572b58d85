import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../app/app.mjs';
import { openModelZip } from '../models/model-zip.mjs';
import { startHub } from './hub-server.mjs';

/**
 * Serves a folder or a zip as a model's repository, by a hub on this machine. Files are read into memory.
 * @param {string} from laid out as the repository is
 * @param {import('../catalogue/find-model.mjs').WantedModel} model
 * @returns {Promise<import('./hub-server.mjs').Hub>}
 * @throws {PlainError} no such folder or zip, nothing of the model in it, a file of 2 GiB or more
 */
export async function serveFolder(from, { repository, paths }) {
  const wanted = new Set(Object.values(paths).flat());
  const isWanted = (path) => wanted.size === 0 || wanted.has(path);
  const isFile = statSync(from, { throwIfNoEntry: false })?.isFile() ?? false;
  const files = await (isFile ? filesOfZip : filesOfFolder)(from, isWanted);
  if (files.size === 0)
    throw new PlainError(`${from} has none of ${[...wanted].join(', ') || 'the files'}.`);
  return startHub({ repositories: new Map([[repository, files]]) });
}

/** @returns {Promise<Map<string, Uint8Array>>} by path */
async function filesOfFolder(folder, isWanted) {
  const files = new Map();
  for (const path of pathsIn(folder).filter(isWanted)) {
    const file = join(folder, path);
    try {
      if (statSync(file).isFile()) files.set(path, new Uint8Array(readFileSync(file)));
    } catch (error) {
      throw new PlainError(`${file} cannot be served: ${error.message}`);
    }
  }
  return files;
}

/** @returns {Promise<Map<string, Uint8Array>>} by path */
async function filesOfZip(file, isWanted) {
  const zip = await openModelZip(file);
  try {
    const files = new Map();
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
function pathsIn(folder) {
  try {
    const paths = readdirSync(folder, { recursive: true }).map((path) =>
      path.replaceAll('\\', '/'),
    );
    return paths.filter((path) => !/(?:^|\/)\./.test(path));
  } catch (error) {
    throw new PlainError(`${folder} cannot be read: ${error.message}`);
  }
}
