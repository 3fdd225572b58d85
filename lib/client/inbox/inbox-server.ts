import { z } from 'zod';
import { callServer, getFromStore } from '@/lib/client/http';
import { inboxApi } from '@/lib/contracts';

const done = z.null();

/** The user's recordings and the team's, the newest first. */
export const fetchInbox = (signal?: AbortSignal) =>
  callServer('GET', inboxApi.list.path, { schema: inboxApi.list.answer, signal });

/** How many transcripts are new. */
export async function countUnread(signal?: AbortSignal): Promise<number> {
  const schema = inboxApi.unread.answer;
  return (await callServer('GET', inboxApi.unread.path, { schema, signal })).unread;
}

/** Notes that what was finished until then was seen. @param until ISO 8601 */
export const markInboxSeen = (until: string) =>
  callServer('PUT', inboxApi.seen.path, { body: { until }, schema: done });

/** @param publicKey what later transcripts are sealed to; `null`: nothing */
export const chooseInboxKey = (publicKey: string | null) =>
  callServer('PUT', inboxApi.chooseKey.path, { body: { publicKey }, schema: done });

export const removeFromInbox = (id: string) =>
  callServer('DELETE', `/api/inbox/${id}`, { schema: done });

export const restoreToInbox = (id: string) =>
  callServer('POST', `/api/inbox/${id}/restore`, { schema: done });

/** What a worker has made of a recording, plain or sealed. */
export const fetchTranscript = (id: string, signal: AbortSignal) =>
  callServer('GET', `/api/inbox/${id}/transcript`, {
    schema: inboxApi.transcript.answer,
    signal,
  });

/** Where the sound can be had for some minutes: here, or in the object store. */
export async function soundAddress(id: string, signal?: AbortSignal): Promise<string> {
  const schema = inboxApi.audio.answer;
  return (await callServer('GET', `/api/inbox/${id}/audio`, { schema, signal })).url;
}

/** The whole sound. @throws NOT_FOUND: it is gone; OFFLINE, CONNECTION_SLOW, SERVER_BUSY, ABORTED */
export const fetchSound = async (
  id: string,
  signal: AbortSignal,
  onProgress: (doneBytes: number) => void,
) => getFromStore(await soundAddress(id, signal), signal, onProgress);
