import { PlainError } from '../app/app.mjs';
import { importTypeScript } from '../command/typescript.mjs';

/**
 * @typedef {object} WantedModel
 * @property {string | null} id `null`: the catalogue does not list it
 * @property {string} repository
 * @property {string} revision
 * @property {Record<string, string[]>} paths of its files by backend; nothing where `id` is `null`
 */

/**
 * Whether the app serves the model itself, so that no hub is asked for it.
 * @param {string} name id
 * @param {{models: object[]}} catalogue
 */
export function comesWithApp(name, { models }) {
  return models.some(({ id, repository }) => id === name && !repository);
}

/**
 * The model that is meant, by its id or its repository.
 * @param {string} name
 * @param {{models: object[]}} catalogue
 * @returns {Promise<WantedModel>}
 * @throws {PlainError} there is no such model
 */
export async function findModel(name, catalogue) {
  if (comesWithApp(name, catalogue))
    throw new PlainError(`${name} comes with the app: npm run wer measures it.`);
  const published = catalogue.models.filter(({ repository }) => repository);
  const repository = name.includes('/') ? await repositoryIn(name) : null;
  const same = (other) => other.repository.toLowerCase() === repository?.toLowerCase();
  const entry = published.find((other) => other.id === name || same(other));
  if (entry) {
    const variants = Object.entries(entry.backends).filter(([, variant]) => variant !== null);
    const paths = variants.map(([backend, { files }]) => [
      backend,
      Object.values(files).map(({ path }) => path),
    ]);
    return { ...entry, paths: Object.fromEntries(paths) };
  }
  if (repository !== null) return { id: null, repository, revision: 'main', paths: {} };
  const ids = published.map(({ id }) => id).join(', ');
  throw new PlainError(
    `The catalogue has no model ${name}; it has ${ids}. Others go by OWNER/NAME.`,
  );
}

async function repositoryIn(name) {
  const { repositoryName } = await importTypeScript('lib/models/hub-address.ts');
  try {
    return repositoryName(name);
  } catch (error) {
    throw new PlainError(error.message);
  }
}
