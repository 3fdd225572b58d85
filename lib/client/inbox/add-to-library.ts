import {
  getRemoteTranscript,
  getSetting,
  getTranscript,
  importTranscript,
  keepMedia,
  removeMedia,
  setDeleted,
} from '@/lib/client/store';
import type { InboxTranscript } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { Transcript } from '@/lib/transcript';
import { fetchSound, fetchTranscript } from './inbox-server';

/**
 * Brings a transcript of the inbox into the library, once: one that is there already is only found again.
 * @param jobId of the inbox @param onSound notified of how much of its recording has come; `null`: that is not brought
 * @returns its id in the library
 * @throws INBOX_KEY_MISSING, INBOX_DECRYPT_FAILED; NOT_FOUND: it is gone; what storing fails with
 */
export async function addToLibrary(
  jobId: string,
  onSound: ((doneBytes: number) => void) | null,
  signal: AbortSignal,
): Promise<string> {
  const found = await opened(jobId, await fetchTranscript(jobId, signal));
  // brings it back if it was deleted and is not erased yet
  if (!(await getTranscript(found.id))) await setDeleted(found.id, false);
  const here = await getTranscript(found.id);
  if (here) return here.id;
  // another device has it, perhaps with changes
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
  // in order: batches are stored from the first on, and one that is missing shows
  const batches = await Promise.all(
    sealedBatches.map(({ sealed }, ordinal) => openSegments(key, { jobId, ordinal }, sealed)),
  );
  return { ...facts, segments: batches.flat() };
}
