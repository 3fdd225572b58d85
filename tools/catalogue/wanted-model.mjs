import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlainError, root } from '../app/app.mjs';
import { importTypeScript } from '../command/typescript.mjs';
import { serveFolder } from '../services/hub-folder.mjs';
import { findModel } from './find-model.mjs';

/** The catalogue that the app is built with. @returns {{models: object[]}} */
export function readCatalogue() {
  return JSON.parse(readFileSync(join(root, 'public/models/catalogue.json'), 'utf8'));
}

/** Where the app takes models from. @throws {PlainError} `MODEL_HUB` is no address */
async function readHub() {
  const { parseHub, treeUrl } = await importTypeScript('lib/models/hub-address.ts');
  try {
    const address = parseHub(process.env.MODEL_HUB);
    return { address, treeUrl };
  } catch (error) {
    throw new PlainError(error.message);
  }
}

/**
 * Finds a published model, and serves its files from a folder or a zip where one is given, while `run`
 * works with it: the app's server takes them from there.
 * @template T
 * @param {string} name id, or repository
 * @param {string | undefined} from a folder or a zip, laid out as the repository is
 * @param {(model: import('./find-model.mjs').WantedModel & {treeUrl: string}) => Promise<T>} run
 * @returns {Promise<T>}
 * @throws {PlainError} there is no such model, folder or zip
 */
export async function withWantedModel(name, from, run) {
  const model = await findModel(name, readCatalogue());
  const served = from ? await serveFolder(resolve(from), model) : null;
  try {
    if (served) process.env.MODEL_HUB = served.url;
    const { address, treeUrl } = await readHub();
    console.log(`hub: ${from ?? address}`);
    return await run({ ...model, treeUrl: treeUrl(address, model.repository, model.revision) });
  } finally {
    await served?.close();
  }
}
