import { resolve } from 'node:path';
import { parseHub, treeUrl } from '../../lib/catalogue/hub-address';
import { messageOf, PlainError } from '../command/errors';
import { serveFolder } from '../services/hub-server';
import { findModel, readCatalogue, type WantedModel } from './catalogue';

/** A model that the app's server can take from a hub. */
export interface OfferedModel extends WantedModel {
  /** Address of the hub's list of its files. */
  treeUrl: string;
}

/** Where the app takes models from. @throws {PlainError} `MODEL_HUB` is not an address */
function hubAddress(): string {
  try {
    return parseHub(process.env.MODEL_HUB);
  } catch (error) {
    throw new PlainError(messageOf(error));
  }
}

/**
 * Finds a published model, and serves its files from a folder or a zip where one is given, while `run`
 * works with it: the app's server takes them from there.
 * @param name id, or repository
 * @param from a folder or a zip, laid out as the repository is
 * @throws {PlainError} there is no such model, folder or zip
 */
export async function withWantedModel<T>(
  name: string,
  from: string | undefined,
  run: (model: OfferedModel) => Promise<T>,
): Promise<T> {
  const model = findModel(name, readCatalogue());
  const served = from ? await serveFolder(resolve(from), model) : null;
  try {
    if (served) process.env.MODEL_HUB = served.url;
    const address = hubAddress();
    console.log(`hub: ${from ?? address}`);
    return await run({ ...model, treeUrl: treeUrl(address, model.repository, model.revision) });
  } finally {
    await served?.close();
  }
}
