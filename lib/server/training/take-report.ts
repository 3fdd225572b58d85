import 'server-only';
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { FAMILY_ROLES, type PublishedModel, type PublishedVariant } from '@/lib/catalogue';
import {
  MAX_MODEL_FILE_BYTES,
  type RunReport,
  type RunScores,
  type RunState,
  type ShelfModel,
  shelfModelSchema,
  type TrainedModel,
} from '@/lib/contracts';
import { AppError, isAppError } from '@/lib/core';
import { openVersionFile } from '@/lib/server/dataset';
import { database, trainingRuns } from '@/lib/server/db';
import { addToShelf } from '@/lib/server/models';
import { objectStore, type StoredObject } from '@/lib/server/objects';
import { FINAL_STATES, moveRun, type RunRow } from './run-row';

/** Names that a file of a model may have. */
const MODEL_FILE = /^(?:SHA256SUMS|[\w-]+(?:[./][\w-]+)*\.(?:onnx|onnx_data|json|bin|txt|md))$/;

/** The families that a run may make: those that the app can open. */
const TRAINABLE = Object.keys(FAMILY_ROLES).filter((name) => !name.startsWith('speaker'));

/** @throws BAD_REQUEST for a name that no file of a model has */
function checkModelFile(path: string): void {
  if (path.length > 120 || !MODEL_FILE.test(path))
    throw new AppError('BAD_REQUEST', 'A model has no file of this name.');
}

/** The object of a file of a run's model; another start of the run writes elsewhere. */
function modelKey({ id, delivery }: RunRow, path: string): string {
  return `models/${id}/${delivery}/${path}`;
}

/**
 * A file of the version that a run trains on, or one of its clips.
 * @throws NOT_FOUND for what it does not have; BAD_REQUEST once the run has ended
 */
export function openRunFile(run: RunRow, path: string, signal: AbortSignal): Promise<StoredObject> {
  requireOpen(run);
  return openVersionFile(`v${run.version}`, path, signal);
}

/**
 * Stores a file of the model that a run has made, as it comes; it is checked when the run reports.
 * @throws BAD_REQUEST for a wrong name, for a body that breaks off, and once the run has ended; TOO_LARGE
 */
export async function putModelFile(
  run: RunRow,
  path: string,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<void> {
  requireOpen(run);
  checkModelFile(path);
  await objectStore().putStream(modelKey(run, path), limited(body), {
    mediaType: 'application/octet-stream',
    signal,
  });
}

function requireOpen({ state }: RunRow): void {
  if (FINAL_STATES.includes(state)) throw new AppError('BAD_REQUEST', `This run is ${state}.`);
}

async function* limited(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_MODEL_FILE_BYTES)
      throw new AppError('TOO_LARGE', `A model’s file has at most ${MAX_MODEL_FILE_BYTES} bytes.`);
    yield piece;
  }
}

/**
 * Takes what the trainer reports. The same report again changes nothing, one that comes late neither.
 * @returns how the run stands: the trainer stops when that is `cancelled`
 * @throws BAD_REQUEST for a model that is not what was reported; the run has failed then
 */
export async function takeReport(
  run: RunRow,
  report: RunReport,
  signal: AbortSignal,
): Promise<RunState> {
  const { progress, message, logsUrl } = report;
  const facts = {
    ...(progress !== undefined && { progress }),
    ...(message !== undefined && { message }),
    ...(logsUrl !== undefined && { logsUrl }),
  };
  if (report.state === 'done') await finish(run, report, facts, signal);
  else await moveRun(run, report.state, facts);
  const { db } = await database();
  const [after] = await db
    .select({ state: trainingRuns.state })
    .from(trainingRuns)
    .where(eq(trainingRuns.id, run.id));
  return after?.state ?? run.state;
}

async function finish(
  run: RunRow,
  { model, scores }: RunReport,
  facts: Partial<RunRow>,
  signal: AbortSignal,
): Promise<void> {
  if (run.state === 'done' || run.state === 'failed' || run.state === 'cancelled') return;
  if (!model || !scores)
    throw new AppError('BAD_REQUEST', 'A run that is done reports its model and its scores.');
  try {
    const entry = entryOf(run, model, scores);
    await addToShelf(entry, async (path) => {
      const found = await objectStore().get(modelKey(run, path), { signal });
      return found?.body ?? null;
    });
    await moveRun(run, 'done', { ...facts, progress: 1, message: null, scores, modelId: entry.id });
  } catch (error) {
    const isTheirs =
      isAppError(error) && (error.code === 'BAD_REQUEST' || error.code === 'MODEL_HASH_MISMATCH');
    if (!isTheirs) throw error;
    await moveRun(run, 'failed', { message: error.message.slice(0, 300) });
    throw new AppError('BAD_REQUEST', error.message, { cause: error });
  }
}

/** What the shelf says of a run's model. The id and the revision mean these bytes alone. */
function entryOf(run: RunRow, model: TrainedModel, scores: RunScores): ShelfModel {
  const family = TRAINABLE.find((name) => name === model.family);
  if (!family) throw new AppError('BAD_REQUEST', 'The app has no such family of models.');
  const files = new Map(model.files.map((file) => [file.path, file]));
  for (const path of files.keys()) checkModelFile(path);
  const roles = FAMILY_ROLES[family as PublishedModel['family']];
  const variantOf = (reported: TrainedModel['backends']['wasm']): PublishedVariant | null => {
    if (!reported) return null;
    const named = Object.entries(reported.files);
    const known = [...roles.needed, ...roles.optional];
    const wrong =
      roles.needed.find((role) => reported.files[role] === undefined) ??
      named.find(([role, path]) => !known.includes(role) || !files.has(path))?.[0];
    if (wrong !== undefined)
      throw new AppError('BAD_REQUEST', `The model’s “${wrong}” is missing or unknown.`);
    const filled = Object.fromEntries(
      named.map(([role, path]) => [role, { path, bytes: null, sha256: null, ...files.get(path) }]),
    );
    const approximateBytes = Object.values(filled).reduce(
      (sum, { bytes }) => sum + (bytes ?? 0),
      0,
    );
    return { precision: reported.precision, files: filled, approximateBytes, needs: [] };
  };
  const sums = model.files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).sort();
  const revision = createHash('sha256').update(sums.join('')).digest('hex').slice(0, 40);
  const version = `v${run.version}`;
  const after = scores.afterPercent.toFixed(1);
  const before = scores.beforePercent.toFixed(1);
  const entry = shelfModelSchema.safeParse({
    id: `trained-${version}-${revision.slice(0, 8)}`,
    family,
    name: `Trained on ${version}`,
    description: `Trained on version ${version} of this server’s dataset. Word error rate on its test split (${scores.utterances} clips, ${scores.words} words): ${after} %; before the training: ${before} %.`,
    descriptions: {
      de: `Mit Version ${version} des Datensatzes dieses Servers trainiert. Wortfehlerrate bei den Testdaten der Version (${scores.utterances} Ausschnitte, ${scores.words} Wörter): ${inGerman(after)} %; vor dem Training: ${inGerman(before)} %.`,
    },
    languages: model.languages,
    licence: model.licence,
    credits: model.credits,
    repository: '',
    revision,
    scores: [],
    backends: { wasm: variantOf(model.backends.wasm), webgpu: variantOf(model.backends.webgpu) },
  } satisfies Record<keyof Omit<PublishedModel, 'words' | 'isOnServer'>, unknown>);
  if (!entry.success || (!entry.data.backends.wasm && !entry.data.backends.webgpu))
    throw new AppError('BAD_REQUEST', 'The model’s description is not complete.');
  return entry.data;
}

const inGerman = (decimal: string) => decimal.replace('.', ',');
