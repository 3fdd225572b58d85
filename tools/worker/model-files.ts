import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BASE_MODEL_ID,
  type CatalogueModel,
  type DraftModel,
  isRecogniserModel,
  type ModelFile,
  requireSha256,
} from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import type { Backend, ModelFiles } from '@/lib/engine';
import { ShelfFolder } from '@/lib/server/models/shelf-folder';
import { readCatalogue } from '../catalogue/catalogue';
import { codeOf } from '../command/errors';
import { root } from '../command/root';
import { readSettings } from './settings';

const SERVED = join(root, 'public', 'models');

/** A model, and the built-in one that gives word times to those that have none. */
export interface FoundModel {
  model: CatalogueModel;
  aligner: DraftModel;
}

/**
 * The entry of a model that is on this machine.
 * @param id `null`: the one that the server has set for everyone, else the larger built-in one
 * @throws MODEL_NOT_INSTALLED
 */
export async function findInstalledModel(id: string | null): Promise<FoundModel> {
  const { models } = readCatalogue();
  const [aligner] = models;
  const shelf = new ShelfFolder(readSettings().dataDir);
  const wanted = id ?? (await shelf.defaultId()) ?? BASE_MODEL_ID;
  const builtIn = models.find((model) => model.id === wanted && isBuiltIn(model));
  const model = builtIn ?? (await shelf.find(wanted));
  if (!model || !isRecogniser(model))
    throw new AppError(
      'MODEL_NOT_INSTALLED',
      `Model "${wanted}" is not on this machine: npm run models -- add ${wanted}.`,
    );
  return { model, aligner };
}

/** A model that recognises words, and since when it has been on this machine. */
export interface InstalledModel {
  model: CatalogueModel;
  since: Date;
}

/** All models that this machine can transcribe with. */
export async function listInstalledModels(): Promise<InstalledModel[]> {
  const shelf = new ShelfFolder(readSettings().dataDir);
  const { models } = await shelf.list();
  const found = [
    ...readCatalogue()
      .models.filter(isBuiltIn)
      .map((model) => ({ model, path: join(SERVED, model.id) })),
    ...models.map((model) => ({ model, path: join(shelf.path, model.id) })),
  ];
  const listed = found.map(async ({ model, path }) => ({ model, since: await madeAt(path) }));
  return (await Promise.all(listed)).filter(
    (one): one is InstalledModel => one.since !== null && isRecogniser(one.model),
  );
}

/** When a folder was last changed; `null`: there is none. */
async function madeAt(path: string): Promise<Date | null> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const isRecogniser = (model: CatalogueModel) => model.family === 'ctc' || isRecogniserModel(model);

/** Whether the app comes with the model's files. */
const isBuiltIn = (model: CatalogueModel) => model.family === 'ctc' || model.repository === '';

/** A file that the app comes with, checked as in the browser. @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH */
export function readServedFile(file: ModelFile): Promise<ArrayBuffer> {
  return readChecked(join(SERVED, file.path), file);
}

/** The files of a model that is on this machine. @throws MODEL_NOT_INSTALLED */
export async function openInstalled(id: string, backend: Backend): Promise<ModelFiles> {
  const { model } = await findInstalledModel(id);
  const shelf = new ShelfFolder(readSettings().dataDir);
  const files = model.family === 'ctc' ? undefined : model.backends[backend]?.files;
  if (!files)
    throw new AppError('MODEL_NOT_INSTALLED', `Model "${id}" has no files for ${backend}.`);
  const byRole = new Map(Object.entries(files));
  const fileOf = (role: string) => {
    const file = byRole.get(role);
    if (!file) throw new AppError('NOT_FOUND', `Model "${id}" has no file for "${role}".`);
    return file;
  };
  const pathOf = (path: string) =>
    isBuiltIn(model) ? join(SERVED, id, ...path.split('/')) : shelf.fileOf(id, path);
  return {
    has: (role) => byRole.has(role),
    nameOf: (role) => fileOf(role).path.split('/').at(-1) ?? '',
    read: async (role) => {
      const file = fileOf(role);
      return new Uint8Array(await readChecked(pathOf(file.path), file));
    },
  };
}

async function readChecked(
  path: string,
  { bytes, sha256 }: { bytes: number | null; sha256: string | null },
): Promise<ArrayBuffer> {
  let buffer: ArrayBuffer;
  try {
    const file = await open(path);
    try {
      // memory of its own, which can be handed over
      const { size } = await file.stat();
      const whole = new Uint8Array(size);
      await file.read(whole, 0, size, 0);
      buffer = whole.buffer;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('MODEL_DOWNLOAD_FAILED', `${path} cannot be read (${codeOf(cause)}).`, {
      cause,
    });
  }
  if (bytes !== null && buffer.byteLength !== bytes)
    throw new AppError('MODEL_HASH_MISMATCH', `${path} has the wrong length.`);
  if (sha256 !== null) await requireSha256(buffer, sha256, path);
  return buffer;
}
