import 'server-only';
import { FAMILY_ROLES } from '@/lib/catalogue';
import { MAX_MODEL_FILE_BYTES } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { openVersionFile } from '@/lib/server/dataset';
import { objectStore, type StoredObject } from '@/lib/server/objects';
import { FINAL_STATES } from './move-run';
import type { RunRow } from './run-token';

/** Names that a file of a model may have. */
const MODEL_FILE = /^(?:SHA256SUMS|[\w-]+(?:[./][\w-]+)*\.(?:onnx|onnx_data|json|bin|txt|md))$/;

/** The families that a run may make: those that the app can open. */
export const TRAINABLE = Object.keys(FAMILY_ROLES).filter((name) => !name.startsWith('speaker'));

/** @throws BAD_REQUEST for a name that no file of a model has */
export function checkModelFile(path: string): void {
  if (path.length > 120 || !MODEL_FILE.test(path))
    throw new AppError('BAD_REQUEST', 'A model has no file of this name.');
}

/** The object of a file of a run's model; another start of the run writes elsewhere. */
export function modelKey({ id, delivery }: RunRow, path: string): string {
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
