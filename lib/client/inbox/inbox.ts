import { z } from 'zod';
import { callServer, getFromStore } from '@/lib/client/http';
import {
  getRemoteTranscript,
  getSetting,
  getTranscript,
  importTranscript,
  keepMedia,
  removeMedia,
  setDeleted,
  setSetting,
} from '@/lib/client/store';
import { type InboxTranscript, inboxApi } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { OwnerKey } from '@/lib/sealing';
import type { Transcript } from '@/lib/transcript';

const done = z.null();

/** The user's recordings and the team's, the newest first. */
export const fetchInbox = (signal?: AbortSignal) =>
  callServer('GET', inboxApi.list.path, { schema: inboxApi.list.answer, signal });

/** How many transcripts are new. */
export async function countUnread(signal?: AbortSignal): Promise<number> {
  const schema = inboxApi.unread.answer;
  return (await callServer('GET', inboxApi.unread.path, { schema, signal })).unread;
}

/** Marks everything finished until then as seen. @param until ISO 8601 */
export const markInboxSeen = (until: string) =>
  callServer('PUT', inboxApi.seen.path, { body: { until }, schema: done });

/** @param publicKey later transcripts are sealed to it; `null`: they are stored plain */
export const chooseInboxKey = (publicKey: string | null) =>
  callServer('PUT', inboxApi.chooseKey.path, { body: { publicKey }, schema: done });

export const removeFromInbox = (id: string) =>
  callServer('DELETE', `/api/inbox/${id}`, { schema: done });

export const restoreToInbox = (id: string) =>
  callServer('POST', `/api/inbox/${id}/restore`, { schema: done });

/** The transcript that a worker has made, plain or sealed. */
const fetchTranscript = (id: string, signal: AbortSignal) =>
  callServer('GET', `/api/inbox/${id}/transcript`, {
    schema: inboxApi.transcript.answer,
    signal,
  });

/** An address of the recording that is valid for some minutes: on our server, or in the object store. */
export async function soundAddress(id: string, signal?: AbortSignal): Promise<string> {
  const schema = inboxApi.audio.answer;
  return (await callServer('GET', `/api/inbox/${id}/audio`, { schema, signal })).url;
}

/** Downloads the recording. @throws NOT_FOUND: it is gone; OFFLINE, CONNECTION_SLOW, SERVER_BUSY, ABORTED */
const fetchSound = async (
  id: string,
  signal: AbortSignal,
  onProgress: (doneBytes: number) => void,
) => getFromStore(await soundAddress(id, signal), signal, onProgress);

// loaded on first use: most people never have a key
const sealing = () => import('@/lib/sealing');

/** Keeps a key on this device. One that is there already stays. */
export async function keepKey(key: OwnerKey): Promise<void> {
  const keys = await getSetting('inboxKeys');
  if (keys.some(({ publicKey }) => publicKey === key.publicKey)) return;
  await setSetting('inboxKeys', [...keys, key]);
}

/** The key to seal transcripts to: the newest one on this device, else a new one, which is stored first. */
export async function keyToSealTo(): Promise<OwnerKey> {
  const last = (await getSetting('inboxKeys')).at(-1);
  if (last) return last;
  const { newOwnerKey } = await sealing();
  const key = await newOwnerKey();
  await keepKey(key);
  return key;
}

/** A key as a file, to be taken to another device. */
export function keyFile(key: OwnerKey): File {
  const name = `ai2text-key-${key.createdAt.slice(0, 10)}.json`;
  return new File([JSON.stringify(key, null, 2)], name, { type: 'application/json' });
}

/** Reads a key file. @throws BAD_REQUEST: it is not one, or its two keys are not a pair */
export async function readKeyFile(file: Blob): Promise<OwnerKey> {
  const { ownerKeySchema, openSegments, sealSegments } = await sealing();
  try {
    const key = ownerKeySchema.parse(JSON.parse(await file.text()));
    const place = { jobId: 'key file', ordinal: 0 };
    await openSegments(key, place, await sealSegments(key.publicKey, place, []));
    return key;
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'This file is no key file.', { cause });
  }
}

/**
 * Copies a transcript of the inbox into the library, unless it is there already.
 * @param jobId of the inbox
 * @param onSound called with the bytes of the recording received so far; `null`: the recording is not copied
 * @returns its id in the library
 * @throws INBOX_KEY_MISSING, INBOX_DECRYPT_FAILED; NOT_FOUND: it is gone; errors of storing
 */
export async function addToLibrary(
  jobId: string,
  onSound: ((doneBytes: number) => void) | null,
  signal: AbortSignal,
): Promise<string> {
  const found = await opened(jobId, await fetchTranscript(jobId, signal));
  // undoes a deletion that is not permanent yet
  if (!(await getTranscript(found.id))) await setDeleted(found.id, false);
  const here = await getTranscript(found.id);
  if (here) return here.id;
  // another device has it, perhaps edited: this one gets its own id
  const transcript = (await getRemoteTranscript(found.id)) ? { ...found, id: newId() } : found;
  if (!onSound) return importTranscript(transcript);
  await keepMedia(transcript.id, await fetchSound(jobId, signal, onSound), signal);
  try {
    return await importTranscript(transcript, []);
  } catch (error) {
    await removeMedia(transcript.id);
    throw error;
  }
}

async function opened(jobId: string, transcript: InboxTranscript): Promise<Transcript> {
  if ('segments' in transcript) return transcript;
  const { sealedTo, sealedBatches, ...facts } = transcript;
  const keys = await getSetting('inboxKeys');
  const key = keys.find(({ publicKey }) => publicKey === sealedTo);
  if (!key) throw new AppError('INBOX_KEY_MISSING', 'No key here opens this transcript.');
  const { openSegments } = await import('@/lib/sealing');
  // each batch is bound to its ordinal, so a missing one does not go unnoticed
  const batches = await Promise.all(
    sealedBatches.map(({ sealed }, ordinal) => openSegments(key, { jobId, ordinal }, sealed)),
  );
  return { ...facts, segments: batches.flat() };
}
