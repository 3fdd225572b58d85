import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './app.mjs';
import { startHub } from './hub-server.mjs';

/**
 * Serves a folder as a model's repository, by a hub on this machine. Files are read into memory.
 * @param {string} folder laid out as the repository is
 * @param {import('./find-model.mjs').WantedModel} model
 * @returns {Promise<import('./hub-server.mjs').Hub>}
 * @throws {PlainError} no such folder, nothing of the model in it, a file of 2 GiB or more
 */
export async function serveFolder(folder, { repository, paths }) {
  const wanted = new Set(Object.values(paths).flat());
  const files = new Map();
  for (const path of pathsIn(folder)) {
    if (wanted.size > 0 && !wanted.has(path)) continue;
    const file = join(folder, path);
    try {
      if (statSync(file).isFile()) files.set(path, new Uint8Array(readFileSync(file)));
    } catch (error) {
      throw new PlainError(`${file} cannot be served: ${error.message}`);
    }
  }
  if (files.size === 0)
    throw new PlainError(`${folder} has none of ${[...wanted].join(', ') || 'the files'}.`);
  return startHub({ repositories: new Map([[repository, files]]) });
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
