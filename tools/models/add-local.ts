import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { PublishedModel } from '../../lib/catalogue/catalogue';
import { describeAdded } from '../../lib/client/model-library/added-model';
import { type ShelfFile, shelfEntrySchema } from '../../lib/contracts/server-models';
import { isAppError } from '../../lib/core/errors';
import type { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { checkContent } from './check-content';
import type { LocalFiles } from './local-files';
import { Staging } from './staging';
import { type CommandContext, userError } from './user-errors';

/** What `export` writes beside a model's files: which model they are, with the hash of each. */
export const ENTRY_FILE = 'ai2text-model.json';
/** Descriptions that are longer are none. */
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;
const NO_REVISION = 'local';

/**
 * Which model these files are.
 * @param taken ids that other models have
 * @throws one sentence that says what was looked at, and what is missing
 */
export async function describeLocal(
  source: LocalFiles,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const { what, files, title } = source;
  if (files.length === 0) throw userError(`Looked into ${what}: it is empty.`);
  const exported = await readJson(source, ENTRY_FILE, signal);
  if (exported !== null) return describeExported(source, exported);
  const config = await readJson(source, 'config.json', signal);
  try {
    const model = describeAdded(
      {
        title,
        repository: '',
        revision: NO_REVISION,
        files: files.map(({ path, bytes }) => ({ path, bytes: bytes || null, sha256: null })),
        config,
        licence: null,
        languages: [],
      },
      taken,
    );
    return { ...model, description: 'Added to this server from files of its owner.' };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'MODEL_UNSUPPORTED') throw error;
    throw userError(
      `Looked at the ${files.length} files of ${what}: they are no model that the app can run. ${error.message} It takes Whisper, Moonshine, and NeMo's CTC and TDT as ONNX, laid out as their repositories are (config.json, onnx/…).`,
      error,
    );
  }
}

function describeExported({ what, files }: LocalFiles, value: unknown): PublishedModel {
  const entry = shelfEntrySchema.safeParse(value);
  if (!entry.success)
    throw userError(
      `${ENTRY_FILE} in ${what} is damaged, or of a newer version: export the model again, or bring this app up to date.`,
    );
  const { model } = entry.data;
  const there = new Set(files.map(({ path }) => path));
  for (const variant of [model.backends.wasm, model.backends.webgpu])
    for (const { path } of Object.values(variant?.files ?? {}))
      if (!there.has(path))
        throw userError(`${path} is missing in ${what}: export or copy the model again.`);
  return model;
}

/** `null`: there is no such file, or it is not JSON: it says nothing of the model. */
async function readJson(source: LocalFiles, path: string, signal: AbortSignal): Promise<unknown> {
  const file = source.files.find((one) => one.path === path);
  if (!file || file.bytes > MAX_DESCRIPTION_BYTES) return null;
  const pieces: Uint8Array[] = [];
  await source.read(path, (bytes) => void pieces.push(Uint8Array.from(bytes)), signal);
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Copies a model's files onto the shelf, each hashed on the way. Nothing is left when it breaks off. */
export async function addLocal(
  shelf: ShelfFolder,
  source: LocalFiles,
  model: PublishedModel,
  context: CommandContext,
): Promise<void> {
  const workshop = new Staging(shelf, model.id);
  const wanted = wantedFiles(model);
  const sizes = new Map(source.files.map(({ path, bytes }) => [path, bytes]));
  const totalBytes = [...wanted.keys()].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  await workshop.alone(async () => {
    await workshop.clear();
    await workshop.requireQuota(totalBytes, 0);
    try {
      const kept = new Map<string, ShelfFile>();
      for (const [path, sha256] of wanted) {
        const file = await copyFile(workshop, source, path, context);
        if (sha256 !== null && file.sha256 !== sha256)
          throw userError(
            `${path} in ${source.what} is not the file that was exported: copy the model again from where it comes from.`,
          );
        kept.set(path, file);
      }
      context.signal.throwIfAborted();
      await workshop.finish(model, kept);
    } catch (error) {
      await workshop.clear();
      throw error;
    }
  });
}

/** The files that backends load, with their hash where it is known. */
function wantedFiles({ backends }: PublishedModel): Map<string, string | null> {
  const files = [backends.wasm, backends.webgpu].flatMap((one) => Object.values(one?.files ?? {}));
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

async function copyFile(
  workshop: Staging,
  source: LocalFiles,
  path: string,
  context: CommandContext,
): Promise<ShelfFile> {
  const totalBytes = source.files.find((file) => file.path === path)?.bytes ?? 0;
  const target = await workshop.pathOf(path);
  const hash = createHash('sha256');
  const out = openSync(target, 'wx');
  let bytes = 0;
  try {
    await source.read(
      path,
      (piece) => {
        for (let at = 0; at < piece.length; ) at += writeSync(out, piece, at);
        hash.update(piece);
        bytes += piece.length;
        context.progress(path, bytes, totalBytes);
      },
      context.signal,
    );
    fsyncSync(out);
  } finally {
    closeSync(out);
  }
  checkContent(path, target);
  return { path, bytes, sha256: hash.digest('hex') };
}
