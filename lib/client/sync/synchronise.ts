import {
  getSetting,
  listOutbox,
  mergeServerChanges,
  readPendingSummary,
  removeFromOutbox,
  startOver,
} from '@/lib/client/store';
import type { PutSummary, ServerSummary, SummaryPage } from '@/lib/contracts';
import { throwIfAborted, toAppError } from '@/lib/core';
import type { TranscriptSummary } from '@/lib/transcript';

/** The routes of the server, as one device calls them. */
export interface SyncServer {
  list(since: number, signal: AbortSignal): Promise<SummaryPage>;
  put(id: string, summary: PutSummary, signal: AbortSignal): Promise<ServerSummary>;
  remove(id: string, atMs: number, signal: AbortSignal): Promise<ServerSummary>;
}

/** One exchange with the server. */
export interface Exchange {
  /** Id of the user who is signed in. */
  owner: string;
  server: SyncServer;
  /** Called with a transcript of this device that was deleted on another one. */
  onDeletedHere: (transcript: { id: string; title: string }) => void;
}

/**
 * Brings this device and the server to the same: asks what is new, then sends what waits, one after
 * the other, and asks again when something was sent. Every step is stored as it is made: whatever
 * breaks off is resumed the next time.
 * @param pull whether to ask first; without it nothing is asked when nothing waits
 * @throws what the server or the store throws; UNAUTHENTICATED ends it until someone signs in
 */
export async function synchronise(
  exchange: Exchange,
  { pull }: { pull: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (pull) await pullAll(exchange, signal);
  while (await pushAll(exchange, signal)) await pullAll(exchange, signal);
}

/** Asks for everything that is new. */
async function pullAll(
  { owner, server, onDeletedHere }: Exchange,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    throwIfAborted(signal);
    const state = await getSetting('sync');
    if (!state.signedIn || state.owner !== owner) return;
    const page = await server.list(state.revision, signal);
    if (page.revision < state.revision) {
      await startOver();
      continue;
    }
    const items = page.items.map(withoutRevision);
    const news = { owner, items, revision: page.revision };
    for (const gone of (await mergeServerChanges(news)) ?? []) onDeletedHere(gone);
    if (!page.more) return;
  }
}

/** Sends what waits. @returns whether anything was sent */
async function pushAll(
  { owner, server, onDeletedHere }: Exchange,
  signal: AbortSignal,
): Promise<boolean> {
  let sentAny = false;
  for (const { transcriptId } of await listOutbox()) {
    throwIfAborted(signal);
    const sent = await readPendingSummary(transcriptId);
    if (!sent) continue;
    const answer = await send(server, sent, signal);
    if (answer === null) {
      await removeFromOutbox(transcriptId);
      continue;
    }
    sentAny = true;
    const gone = await mergeServerChanges({ owner, items: [withoutRevision(answer)], sent });
    if (gone === null) return false; // signed out meanwhile
    for (const transcript of gone) onDeletedHere(transcript);
  }
  return sentAny;
}

/** @returns `null` when the server refuses this one for good: it must not hold up the others */
async function send(
  server: SyncServer,
  { id, deleted, ...summary }: TranscriptSummary,
  signal: AbortSignal,
): Promise<ServerSummary | null> {
  try {
    return deleted
      ? await server.remove(id, summary.fieldTimes.deleted, signal)
      : await server.put(id, summary, signal);
  } catch (error) {
    if (toAppError(error).code !== 'BAD_REQUEST') throw error;
    console.warn(`The server refuses what is known of transcript ${id}`, error);
    return null;
  }
}

function withoutRevision({ revision: _revision, ...summary }: ServerSummary): TranscriptSummary {
  return summary;
}
