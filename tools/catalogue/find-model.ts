import type { Catalogue, PublishedModel } from '../../lib/catalogue/catalogue';
import { isSpeakerModel } from '../../lib/catalogue/families';
import { repositoryName } from '../../lib/catalogue/hub-address';
import type { Backend } from '../../lib/engine/types';
import { messageOf, PlainError } from '../command/errors';

/** A model of the hub that a command was asked for. */
export interface WantedModel {
  /** `null`: the catalogue does not list it. */
  id: string | null;
  repository: string;
  revision: string;
  /** Of its files, by backend; none where `id` is `null`. */
  paths: Partial<Record<Backend, string[]>>;
}

function publishedModels({ models }: Catalogue): PublishedModel[] {
  return models.filter(
    (model): model is PublishedModel => model.family !== 'ctc' && model.repository !== '',
  );
}

/** Whether the app serves the model itself, so that no hub is asked for it. */
export function comesWithApp(id: string, catalogue: Catalogue): boolean {
  const isListed = catalogue.models.some((model) => model.id === id);
  return isListed && !publishedModels(catalogue).some((model) => model.id === id);
}

/**
 * The model that is meant.
 * @param name its id or its repository
 * @throws {PlainError} there is no such model
 */
export function findModel(name: string, catalogue: Catalogue): WantedModel {
  if (comesWithApp(name, catalogue))
    throw new PlainError(`${name} comes with the app: npm run wer measures it.`);
  const published = publishedModels(catalogue);
  const repository = name.includes('/') ? repositoryIn(name) : null;
  const entry = published.find(
    (other) => other.id === name || other.repository.toLowerCase() === repository?.toLowerCase(),
  );
  if (entry && isSpeakerModel(entry))
    throw new PlainError(`${name} tells speakers apart, and writes no words: see npm run der.`);
  if (entry)
    return {
      id: entry.id,
      repository: entry.repository,
      revision: entry.revision,
      paths: pathsOf(entry),
    };
  if (repository !== null) return { id: null, repository, revision: 'main', paths: {} };
  const ids = published.map(({ id }) => id).join(', ');
  throw new PlainError(
    `The catalogue has no model ${name}; it has ${ids}. Others go by OWNER/NAME.`,
  );
}

function pathsOf({ backends }: PublishedModel): WantedModel['paths'] {
  const paths: WantedModel['paths'] = {};
  for (const backend of ['wasm', 'webgpu'] as const) {
    const variant = backends[backend];
    if (variant) paths[backend] = Object.values(variant.files).map(({ path }) => path);
  }
  return paths;
}

function repositoryIn(name: string): string {
  try {
    return repositoryName(name);
  } catch (error) {
    throw new PlainError(messageOf(error));
  }
}
