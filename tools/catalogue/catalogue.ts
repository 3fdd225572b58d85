// The catalogue of models from its sources: built-in models as training leaves them
// (training/catalogue.py), published ones, and of either its descriptions in other languages and what was
// learnt of its words (training/fit-words.ts).

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Catalogue,
  catalogueSchema,
  type PublishedModel,
} from '../../lib/catalogue/catalogue';
import { isSpeakerModel } from '../../lib/catalogue/families';
import { repositoryName } from '../../lib/catalogue/hub-address';
import type { Backend } from '../../lib/engine/types';
import { messageOf, PlainError } from '../command/errors';
import { root } from '../command/root';
import { publishedModels } from './published-models';

/** A model of the hub that a command was asked for. */
export interface WantedModel {
  /** `null`: the catalogue does not list it. */
  id: string | null;
  repository: string;
  revision: string;
  /** Of its files, by backend; none where `id` is `null`. */
  paths: Partial<Record<Backend, string[]>>;
}

function modelsOfHub({ models }: Catalogue): PublishedModel[] {
  return models.filter(
    (model): model is PublishedModel => model.family !== 'ctc' && model.repository !== '',
  );
}

/** Whether the app serves the model itself, so that no hub is asked for it. */
export function comesWithApp(id: string, catalogue: Catalogue): boolean {
  const isListed = catalogue.models.some((model) => model.id === id);
  return isListed && !modelsOfHub(catalogue).some((model) => model.id === id);
}

/**
 * The model that is meant.
 * @param name its id or its repository
 * @throws {PlainError} there is no such model
 */
export function findModel(name: string, catalogue: Catalogue): WantedModel {
  if (comesWithApp(name, catalogue))
    throw new PlainError(`${name} comes with the app: npm run wer measures it.`);
  const published = modelsOfHub(catalogue);
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

const FOLDER = join(root, 'tools', 'catalogue');
const BUILT_IN = join(FOLDER, 'built-in-models.json');
const DESCRIPTIONS = join(FOLDER, 'descriptions.json');
const LEARNT = join(FOLDER, 'learnt-words.json');
const TARGET = join(root, 'public', 'models', 'catalogue.json');

/** What was learnt of a model's words. */
type Learnt = NonNullable<Catalogue['models'][number]['words']>;

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const jsonOf = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** By the model's id; checked where it becomes part of the catalogue. */
const readLearnt = () => z.record(z.string(), z.unknown()).parse(readJson(LEARNT));

/** The catalogue as browsers get it. @throws when a source is not what it should be */
export function catalogueText(): string {
  const learnt = readLearnt();
  const descriptions = z.record(z.string(), z.unknown()).parse(readJson(DESCRIPTIONS));
  const builtIn = z.array(z.looseObject({ id: z.string() })).parse(readJson(BUILT_IN));
  const models = [...builtIn, ...publishedModels].map((model) => ({
    ...model,
    ...(Object.hasOwn(descriptions, model.id) && { descriptions: descriptions[model.id] }),
    ...(Object.hasOwn(learnt, model.id) && { words: learnt[model.id] }),
  }));
  const catalogue = { version: 1, models };
  catalogueSchema.parse(catalogue);
  return jsonOf(catalogue);
}

/** Writes the catalogue that the app is built with. */
export function writeCatalogue(): void {
  writeFileSync(TARGET, catalogueText());
}

/** Notes what was learnt of a model's words, and writes the catalogue with it. */
export function writeLearnt(id: string, words: Learnt): void {
  writeFileSync(LEARNT, jsonOf({ ...readLearnt(), [id]: words }));
  writeCatalogue();
}

/** The catalogue that the app is built with. */
export function readCatalogue(): Catalogue {
  return catalogueSchema.parse(readJson(TARGET));
}
