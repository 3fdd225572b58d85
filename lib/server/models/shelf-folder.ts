import 'server-only';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ShelfModel, shelfEntrySchema } from '@/lib/contracts';
import { newId } from '@/lib/core';
import { fileErrorCode } from '@/lib/server/process';

/** Names that no model has begin with a dot. */
const MODEL_ID = /^[a-z0-9][a-z0-9._-]*$/;
const DEFAULT = '.default.json';

const defaultSchema = z.object({ version: z.literal(1), modelId: z.string() });

/** What lies on the shelf. */
export interface ShelfContents {
  models: ShelfModel[];
  /** Folders that look like a model's, that this version does not recognise. */
  unreadable: string[];
}

/**
 * The models in the server's data folder: `models/<id>/model.json`, and its files as they lie in their
 * repository below `models/<id>/files`. A folder appears under its id when it is whole, so that
 * listing it needs no lock.
 */
export class ShelfFolder {
  /** Absolute. */
  readonly path: string;

  /** @param dataDir absolute path of the data folder */
  constructor(dataDir: string) {
    this.path = join(/* turbopackIgnore: true */ dataDir, 'models');
  }

  /** All models, by name. None where there is no such folder yet. */
  async list(): Promise<ShelfContents> {
    const contents: ShelfContents = { models: [], unreadable: [] };
    for (const id of await this.#folders()) {
      const model = await this.find(id);
      if (model) contents.models.push(model);
      // removed meanwhile: it is not there, and so not unreadable
      else if ((await this.#folders()).includes(id)) contents.unreadable.push(id);
    }
    contents.models.sort((a, b) => a.name.localeCompare(b.name));
    return contents;
  }

  /** One model, or `null` where there is none of this id. */
  async find(id: string): Promise<ShelfModel | null> {
    if (!MODEL_ID.test(id)) return null;
    const value = await readJson(join(this.path, id, 'model.json'));
    const entry = shelfEntrySchema.safeParse(value);
    return entry.success && entry.data.model.id === id ? entry.data.model : null;
  }

  /** Where a file of a model lies. @param path one of those of its entry */
  fileOf(id: string, path: string): string {
    return join(this.path, id, 'files', ...path.split('/'));
  }

  /** The model for browsers that have not chosen any; `null`: none is set, or it is gone. */
  async defaultId(): Promise<string | null> {
    const set = defaultSchema.safeParse(await readJson(join(this.path, DEFAULT)));
    return set.success && (await this.find(set.data.modelId)) ? set.data.modelId : null;
  }

  /** @param modelId of a model that is there; `null`: the built-in model */
  async setDefault(modelId: string | null): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const draft = join(this.path, `${DEFAULT}.${newId()}`);
    await writeFile(draft, `${JSON.stringify({ version: 1, modelId: modelId ?? '' })}\n`);
    await rename(draft, join(this.path, DEFAULT));
  }

  async #folders(): Promise<string[]> {
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      return entries.map(({ name }) => name).filter((name) => MODEL_ID.test(name));
    } catch (error) {
      if (fileErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

/** `null`: there is no such file, or it is not JSON. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const code = fileErrorCode(error);
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
