// The catalogue of models from its sources: built-in models as training leaves them
// (training/catalogue.py), published ones, and of either its descriptions in other languages and what was
// learnt of its words (training/fit-words.ts).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Catalogue, catalogueSchema } from '../../lib/catalogue/catalogue';
import { root } from '../command/root';
import { publishedModels } from './published-models';

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
