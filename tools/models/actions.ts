// The models' shelf of the server, as `npm run models` sees it.
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { formatBytes } from '../../app/_features/ui/format';
import type { Catalogue } from '../../lib/catalogue/catalogue';
import { parseHub } from '../../lib/catalogue/hub-address';
import { type ShelfModel, shelfFiles } from '../../lib/contracts/server-models';
import { isAbort } from '../../lib/core/errors';
import type { Backend } from '../../lib/engine/types';
import { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { tableLines } from '../command/table';
import { ENTRY_FILE } from './add-local';
import { addModel } from './adding';
import { writeModelZip } from './model-zip';
import { Staging, sha256Of } from './staging';
import { type CommandContext, sentencesOf, userError } from './user-errors';

// What can be done with models that are on the shelf: list, verify, remove, export, default.

const bytesOf = (model: ShelfModel): number =>
  (shelfFiles(model) ?? []).reduce((sum, { bytes }) => sum + bytes, 0);

const PROCESSORS = { wasm: 'processor', webgpu: 'graphics' } as const;

const processorsOf = ({ backends }: ShelfModel): string =>
  (['wasm', 'webgpu'] as const)
    .filter((backend) => backends[backend])
    .map((backend) => PROCESSORS[backend])
    .join(', ');

/** Lists the models on the shelf, and those that an interrupted `add` has left incomplete. */
async function listModels(shelf: ShelfFolder, { say }: CommandContext): Promise<void> {
  const { models, unreadable } = await shelf.list();
  const defaultId = await shelf.defaultId();
  if (models.length === 0) say(`There are no models in ${shelf.path}.`);
  else {
    const rows = models.map((model) => [
      model.id === defaultId ? `${model.id} (default)` : model.id,
      formatBytes(bytesOf(model)),
      processorsOf(model),
      model.licence,
      model.repository || 'own files',
    ]);
    for (const line of tableLines(['model', 'size', 'for', 'licence', 'from'], rows)) say(line);
  }
  for (const id of unreadable)
    say(
      `${join(shelf.path, id)} is no model that this version can read: remove it, and add it again.`,
    );
  for (const id of begunIn(shelf))
    say(`${id} has come in part: add it again to go on, or remove it.`);
}

function begunIn(shelf: ShelfFolder): string[] {
  const coming = join(shelf.path, '.coming');
  return existsSync(coming) ? readdirSync(coming).sort() : [];
}

/**
 * Reads every file again and compares it with its hash.
 * @param id `null`: all models
 * @returns whether all are as they were when they came
 */
async function verifyModels(
  shelf: ShelfFolder,
  id: string | null,
  context: CommandContext,
): Promise<boolean> {
  const { models, unreadable } = await shelf.list();
  const chosen = id === null ? models : [await requireModel(shelf, id)];
  let isRight = id !== null || unreadable.length === 0;
  for (const name of id === null ? unreadable : []) context.say(`${name}: cannot be read.`);
  for (const model of chosen) {
    const wrong = await wrongFiles(shelf, model, context);
    for (const line of wrong) context.say(`${model.id}: ${line}`);
    context.say(
      wrong.length === 0
        ? `${model.id}: ${(shelfFiles(model) ?? []).length} files, all as they came.`
        : `${model.id} is damaged: npm run models -- remove ${model.id}, then add it again.`,
    );
    isRight &&= wrong.length === 0;
  }
  if (chosen.length === 0) context.say(`There are no models in ${shelf.path}.`);
  return isRight;
}

async function wrongFiles(
  shelf: ShelfFolder,
  model: ShelfModel,
  { progress, signal }: CommandContext,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { path, bytes, sha256 } of shelfFiles(model) ?? []) {
    const file = shelf.fileOf(model.id, path);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) wrong.push(`${path} is missing.`);
    else if (size !== bytes) wrong.push(`${path} has ${size} bytes, not ${bytes}.`);
    else {
      const found = await sha256Of(file, signal, (done) => progress(path, done, bytes));
      if (found !== sha256) wrong.push(`${path} has other bytes than when it came.`);
    }
  }
  return wrong;
}

/** Removes a model from the shelf, or what has arrived of one. */
async function removeModel(shelf: ShelfFolder, id: string, { say }: CommandContext): Promise<void> {
  const { models, unreadable } = await shelf.list();
  const workshop = new Staging(shelf, id);
  const isThere = models.some((model) => model.id === id) || unreadable.includes(id);
  // only ids that are on the shelf or in staging: nothing else is ever removed
  const hasBegun = begunIn(shelf).includes(id);
  if (!isThere && !hasBegun) throw await unknownModel(shelf, id);
  await workshop.alone(async () => {
    const wasDefault = (await shelf.defaultId()) === id;
    if (wasDefault) await shelf.setDefault(null);
    if (isThere) await workshop.remove();
    if (hasBegun) await workshop.clear();
    say(`${id} was removed. Browsers that have it keep their own copy.`);
    if (wasDefault)
      say('It was the default: browsers that have chosen none use the built-in model again.');
  });
}

/** Writes a model into a zip, which `add` takes elsewhere. */
async function exportModel(
  shelf: ShelfFolder,
  id: string,
  file: string,
  context: CommandContext,
): Promise<void> {
  const model = await requireModel(shelf, id);
  const target = resolve(file);
  const entry = Buffer.from(`${JSON.stringify({ version: 1, model })}\n`);
  const files = (shelfFiles(model) ?? []).map(({ path, bytes }) => ({
    path,
    bytes,
    get content() {
      return pieces(shelf.fileOf(id, path), (done) => context.progress(path, done, bytes));
    },
  }));
  // a file that was changed since would make a zip that nobody can add
  const wrong = await wrongFiles(shelf, model, context);
  if (wrong.length > 0)
    throw userError(`${id} is damaged: ${wrong[0]} Remove it, add it again, and export it then.`);
  try {
    await writeModelZip(
      target,
      [{ path: ENTRY_FILE, content: entry, bytes: entry.length }, ...files],
      context.signal,
    );
  } catch (error) {
    context.signal.throwIfAborted();
    if (isAbort(error)) throw userError(`${target} was not written.`, error);
    throw error;
  }
  context.say(
    `${target}, ${formatBytes(statSync(target).size)}: npm run models -- add takes it on another machine.`,
  );
}

function pieces(file: string, onProgress: (done: number) => void): ReadableStream<Uint8Array> {
  let done = 0;
  const stream = createReadStream(file, { highWaterMark: 1024 * 1024 });
  stream.on('data', (piece) => {
    done += piece.length;
    onProgress(done);
  });
  stream.pause();
  // Node's own type of the same thing
  return Readable.toWeb(stream) as NodeReadableStream<Uint8Array> as ReadableStream<Uint8Array>;
}

/** Sets the model for browsers that have chosen none. @param builtInId of the model that ships with the app */
async function setDefault(
  shelf: ShelfFolder,
  id: string | null,
  builtInId: string,
  { say }: CommandContext,
): Promise<void> {
  if (id === null) {
    say(`The default is ${(await shelf.defaultId()) ?? `${builtInId}, the built-in model`}.`);
    return;
  }
  if (id !== builtInId) await requireModel(shelf, id);
  await shelf.setDefault(id === builtInId ? null : id);
  say(`Browsers that have chosen no model use ${id} from their next visit on.`);
}

async function requireModel(shelf: ShelfFolder, id: string): Promise<ShelfModel> {
  const model = await shelf.find(id);
  if (!model) throw await unknownModel(shelf, id);
  return model;
}

async function unknownModel(shelf: ShelfFolder, id: string) {
  const ids = (await shelf.list()).models.map((model) => model.id);
  const there = ids.length > 0 ? `it has ${ids.join(', ')}` : 'there are none yet';
  return userError(
    `There is no model ${id} in ${shelf.path}; ${there}. npm run models -- add ${id} gets it.`,
  );
}

/** What the command was asked for; how many arguments an action takes was checked before. */
export interface Request {
  action: 'add' | 'list' | 'verify' | 'remove' | 'export' | 'default';
  args: readonly string[];
  /** For `add`. */
  backend: Backend | null;
  /** Absolute path of the server's data folder. */
  dataDir: string;
  catalogue: Catalogue;
  /** The value of `MODEL_HUB`. */
  hub: string | undefined;
}

/**
 * Does what was asked for.
 * @returns whether all is well: `verify` may find what is not
 * @throws BAD_REQUEST whose message is for the user of the command; any other error is a fault of ours
 */
export async function runAction(request: Request, context: CommandContext): Promise<boolean> {
  try {
    return await dispatch(request, context);
  } catch (error) {
    if (context.signal.aborted)
      throw userError(
        'Interrupted: the shelf is as it was. What was downloaded is kept for the next add.',
        error,
      );
    const { action, args } = request;
    const sentences = sentencesOf(error, `npm run models -- ${[action, ...args].join(' ')}`);
    throw sentences === null ? error : userError(sentences, error);
  }
}

async function dispatch(request: Request, context: CommandContext): Promise<boolean> {
  const { action, args, backend, catalogue, hub } = request;
  const shelf = new ShelfFolder(request.dataDir);
  const [first = '', second = ''] = args;
  switch (action) {
    case 'add':
      await addModel(shelf, { name: first, backend, catalogue, hub: parseHub(hub) }, context);
      return true;
    case 'list':
      await listModels(shelf, context);
      return true;
    case 'verify':
      return verifyModels(shelf, args[0] ?? null, context);
    case 'remove':
      await removeModel(shelf, first, context);
      return true;
    case 'export':
      await exportModel(shelf, first, second, context);
      return true;
    case 'default':
      await setDefault(shelf, args[0] ?? null, catalogue.models[0].id, context);
      return true;
  }
}
