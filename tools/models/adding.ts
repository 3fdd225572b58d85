// `npm run models -- add NAME`: finds out what is meant, says what it is and what it needs, gets it.
import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { formatBytes } from '../../app/_features/ui/format';
import type { Catalogue, PublishedModel } from '../../lib/catalogue/catalogue';
import { repositoryName } from '../../lib/catalogue/hub-address';
import { shelfFiles } from '../../lib/contracts/server-models';
import { isAppError } from '../../lib/core/errors';
import type { Backend } from '../../lib/engine/types';
import type { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { addFromHub, describeRemote, planFromHub } from './add-from-hub';
import { addLocal, describeLocal } from './add-local';
import { openModelZip } from './model-zip';
import { type CommandContext, userError } from './user-errors';

/** A model's files on this machine: a folder, or a zip. */
export interface LocalFiles {
  /** The folder's or the zip's name. */
  title: string;
  /** How it is spoken of: `the folder /models/mine`. */
  what: string;
  /** Laid out as in the model's repository. */
  files: readonly { path: string; bytes: number }[];
  /** Gives one file in pieces. */
  read(path: string, write: (bytes: Uint8Array) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Folders of a repository that are looked into, from the top one. */
const MAX_DEPTH = 4;
/** A model's folder has some dozens: more are somebody's home. */
const MAX_FILES = 10_000;

/** @throws one sentence when it is neither a folder nor a zip */
async function openLocal(path: string): Promise<LocalFiles> {
  const full = resolve(path);
  const facts = await stat(full);
  if (facts.isDirectory()) return openFolder(full);
  if (facts.isFile() && /\.zip$/i.test(full)) return openZip(full);
  throw userError(
    `${full} is neither a folder nor a zip: give the model's folder, laid out as its repository is, or a zip of it.`,
  );
}

async function openFolder(folder: string): Promise<LocalFiles> {
  const files: { path: string; bytes: number }[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const { name } of entries) {
      if (name.startsWith('.')) continue;
      const path = below === '' ? name : `${below}/${name}`;
      // downloads of the hub's own tools are folders of links
      const facts = await stat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT')
          throw userError(`${join(folder, path)} is a link to nothing.`, error);
        throw error;
      });
      if (facts.isDirectory() && depth < MAX_DEPTH) await walk(path, depth + 1);
      if (facts.isFile()) files.push({ path, bytes: facts.size });
      if (files.length > MAX_FILES)
        throw userError(`${folder} has more than ${MAX_FILES} files: it is no model's folder.`);
    }
  };
  await walk('', 0);
  return {
    title: basename(folder),
    what: `the folder ${folder}`,
    files,
    async read(path, write, signal) {
      const stream = createReadStream(join(folder, path), { signal, highWaterMark: 1024 * 1024 });
      for await (const piece of stream) write(piece);
    },
    close: async () => undefined,
  };
}

async function openZip(file: string): Promise<LocalFiles> {
  const { files, read, close } = await openModelZip(file);
  return {
    title: basename(file).replace(/\.zip$/i, ''),
    what: `the zip ${file}`,
    files,
    read,
    close,
  };
}

export interface AddOptions {
  /** An id of the catalogue, `owner/name` of the hub, a folder or a zip. */
  name: string;
  /** Files for this one alone; `null`: for all that the model has. */
  backend: Backend | null;
  catalogue: Catalogue;
  /** Base address of the hub. */
  hub: string;
}

/** Puts a model on the shelf. @throws sentences for the user of the command */
export async function addModel(
  shelf: ShelfFolder,
  options: AddOptions,
  context: CommandContext,
): Promise<void> {
  const { name } = options;
  const { models } = options.catalogue;
  const listed = models.filter(
    (model): model is PublishedModel => model.family !== 'ctc' && model.repository !== '',
  );
  const isBuiltIn = models.some(({ id }) => id === name) && !listed.some(({ id }) => id === name);
  if (isBuiltIn) throw userError(`${name} comes with the app: there is nothing to add.`);
  if (/^([./~]|[a-z]:)|\\|\.zip$/i.test(name) && !existsSync(name))
    throw userError(
      `There is no folder or zip ${name}: look at the path, which is read from here.`,
    );
  const byId = listed.find(({ id }) => id === name);
  // what lies here is meant by its path, also where a repository could have that name
  const added =
    !byId && existsSync(name)
      ? await addFromDisk(shelf, await openLocal(name), options, context)
      : await addRemote(shelf, byId ?? null, listed, options, context);
  context.say(
    `${added} is on the shelf: browsers find it on /models, under "On this server". npm run models -- default ${added} makes it what those use that have chosen none.`,
  );
}

async function addFromDisk(
  shelf: ShelfFolder,
  source: LocalFiles,
  { backend, catalogue }: AddOptions,
  context: CommandContext,
): Promise<string> {
  try {
    const taken = new Set(catalogue.models.map(({ id }) => id));
    const described = await describeLocal(source, taken, context.signal);
    const model = limited(described, backend);
    if (model.id === catalogue.models[0].id)
      throw userError(`${source.what} says that it is the built-in model, which is not replaced.`);
    await requireNew(shelf, model.id, 'or give the folder or zip another name');
    const sizes = new Map(source.files.map(({ path, bytes }) => [path, bytes]));
    sayFacts(shelf, model, source.what, (path) => sizes.get(path) ?? null, context);
    await addLocal(shelf, source, model, context);
    return model.id;
  } finally {
    await source.close();
  }
}

async function addRemote(
  shelf: ShelfFolder,
  byId: PublishedModel | null,
  listed: readonly PublishedModel[],
  { name, backend, hub, catalogue }: AddOptions,
  context: CommandContext,
): Promise<string> {
  const { signal } = context;
  const repository = byId?.repository ?? repositoryOf(name, listed);
  const same = (other: PublishedModel) =>
    other.repository.toLowerCase() === repository.toLowerCase();
  const taken = new Set(catalogue.models.map(({ id }) => id));
  const found = byId ?? listed.find(same) ?? (await described(hub, repository, taken, signal));
  const model = limited(found, backend);
  await requireNew(shelf, model.id, 'and add it again');
  const plan = await planFromHub(shelf, hub, model, signal);
  const sizes = new Map(plan.files.map(({ path, bytes }) => [path, bytes]));
  const sizeOf = (path: string) => sizes.get(path) ?? null;
  sayFacts(shelf, plan.model, `${hub}/${repository}`, sizeOf, context);
  await addFromHub(shelf, plan, context);
  return model.id;
}

async function described(
  hub: string,
  repository: string,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PublishedModel> {
  try {
    return await describeRemote(hub, repository, taken, signal);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'MODEL_UNSUPPORTED') throw error;
    throw userError(
      `Looked at the files of ${hub}/${repository}: they are no model that the app can run. ${error.message}`,
      error,
    );
  }
}

function repositoryOf(name: string, listed: readonly PublishedModel[]): string {
  try {
    return repositoryName(name);
  } catch (error) {
    const ids = listed.map(({ id }) => id).join(', ');
    throw userError(
      `${name} is no model of the catalogue (${ids}), there is no folder or zip ${resolve(name)}, and repositories of the hub go by OWNER/NAME.`,
      error,
    );
  }
}

async function requireNew(shelf: ShelfFolder, id: string, or: string): Promise<void> {
  if (await shelf.find(id))
    throw userError(`${id} is on the shelf already: npm run models -- remove ${id}, ${or}.`);
  if ((await shelf.list()).unreadable.includes(id))
    throw userError(
      `${shelf.path} has a folder ${id} that this version cannot read: npm run models -- remove ${id}, ${or}.`,
    );
}

/** The model with the files of one backend alone. @throws when it has none for it */
function limited(model: PublishedModel, backend: Backend | null): PublishedModel {
  if (backend === null) return model;
  if (!model.backends[backend])
    throw userError(`${model.id} has no files for ${backend}: leave --backend out.`);
  const { wasm, webgpu } = model.backends;
  return {
    ...model,
    backends: backend === 'wasm' ? { wasm, webgpu: null } : { wasm: null, webgpu },
  };
}

const PROCESSORS = { wasm: 'for processors', webgpu: 'for graphics processors' } as const;

/** Says what the model is, where it comes from, its licence, and how much room it takes. */
function sayFacts(
  shelf: ShelfFolder,
  model: PublishedModel,
  from: string,
  sizeOf: (path: string) => number | null,
  { say }: CommandContext,
): void {
  const lengthOf = (paths: readonly string[], guess: number) => {
    const sizes = [...new Set(paths)].map(sizeOf);
    const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    return sizes.includes(null) ? Math.max(known, guess) : known;
  };
  say(`${model.name} (${model.id})`);
  say(`  from     ${from}`);
  say(`  licence  ${model.licence}`);
  const all: string[] = [];
  let guessed = 0;
  for (const backend of ['wasm', 'webgpu'] as const) {
    const variant = model.backends[backend];
    if (!variant) continue;
    const paths = Object.values(variant.files).map(({ path }) => path);
    all.push(...paths);
    guessed += variant.approximateBytes;
    const needs = variant.needs.length > 0 ? `, needs ${variant.needs.join(', ')}` : '';
    const size = formatBytes(lengthOf(paths, variant.approximateBytes));
    say(`  ${size.padEnd(8)} ${PROCESSORS[backend]} (${variant.precision}${needs})`);
  }
  const isKnown = shelfFiles(model) !== null ? '' : ' at most';
  say(`  room     ${formatBytes(lengthOf(all, guessed))}${isKnown} in ${shelf.path}`);
}
