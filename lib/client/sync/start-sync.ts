import { onlineManager, type QueryClient } from '@tanstack/react-query';
import { createStore } from 'zustand/vanilla';
import { callServer } from '@/lib/client/http';
import {
  enterAccount,
  getSetting,
  libraryLocks,
  listOutbox,
  mergeServerChanges,
  onChange,
  readPendingSummary,
  removeFromOutbox,
  startOver,
} from '@/lib/client/store';
import {
  type PutSummary,
  type ServerSummary,
  type SummaryPage,
  transcriptsApi,
} from '@/lib/contracts';
import { backoffMs, type ErrorCode, isAppError, throwIfAborted, toAppError } from '@/lib/core';
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
 * Synchronises this device with the server: fetches changes, then sends pending ones one by one, and fetches
 * again if any were sent. Every step is stored once done: an interrupted exchange resumes the next time.
 * @param pull whether to fetch first; if not, and nothing is pending, no request is made
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

const LOCK_NAME = 'ai2text:sync';

/** Occasions within this time count as one, in ms: a tab that is shown also gets the focus. */
const TOGETHER_MS = 500;

/** What is to be done: nothing, send pending changes, or fetch changes first. */
type Wanted = 'nothing' | 'push' | 'pull';

const server: SyncServer = {
  list: (since, signal) =>
    callServer('GET', `/api/transcripts?since=${since}`, {
      schema: transcriptsApi.list.answer,
      signal,
    }),
  put: (id, body, signal) =>
    callServer('PUT', `/api/transcripts/${id}`, {
      schema: transcriptsApi.put.answer,
      body,
      signal,
    }),
  remove: (id, atMs, signal) =>
    callServer('DELETE', `/api/transcripts/${id}?at=${atMs}`, {
      schema: transcriptsApi.remove.answer,
      signal,
    }),
};

/** What the exchange reports. */
export interface SyncEvents {
  /** Transcripts of this device were deleted on another one. */
  onDeletedHere(transcripts: { id: string; title: string }[]): void;
  /** The server no longer knows the session. */
  onSignedOut(): void;
}

/**
 * Keeps this device's list and the server's in sync while a user is signed in. It fetches when the page opens,
 * when it becomes visible again and when the network returns, and sends after a change in any tab; there is no
 * timer. Offline, the exchange is a paused mutation and changes stay in the outbox, so a closed tab loses nothing.
 * @returns stops it
 */
export function startSync(
  client: QueryClient,
  owner: string,
  { onDeletedHere, onSignedOut }: SyncEvents,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const locks = libraryLocks();
  let wanted: Wanted = 'nothing';
  let isRunning = false;
  let askedMs = Number.NEGATIVE_INFINITY;

  const exchange = async (pull: boolean) => {
    const gone: { id: string; title: string }[] = [];
    const exchangeOf = {
      owner,
      server,
      onDeletedHere: (transcript: { id: string; title: string }) => gone.push(transcript),
    };
    try {
      // one tab at a time: another would send the same
      await locks.request(LOCK_NAME, { signal }, () => synchronise(exchangeOf, { pull }, signal));
    } finally {
      if (gone.length > 0) onDeletedHere(gone);
    }
  };

  const runAll = async () => {
    isRunning = true;
    while (wanted !== 'nothing' && !signal.aborted) {
      const pull: boolean = wanted === 'pull';
      wanted = 'nothing';
      try {
        await mutate(client, () => exchange(pull));
        reportSyncProblem(null);
      } catch (error) {
        const { code } = toAppError(error);
        if (code === 'UNAUTHENTICATED') onSignedOut();
        else if (code !== 'ABORTED') console.warn('The list could not be exchanged', error);
        if (!signal.aborted) reportSyncProblem(code);
        // at the next occasion
        if (pull) wanted = 'pull';
        break;
      }
    }
    isRunning = false;
  };

  const ask = (what: 'push' | 'pull') => {
    if (signal.aborted) return;
    if (what === 'pull') {
      if (performance.now() - askedMs < TOGETHER_MS) return;
      askedMs = performance.now();
    }
    if (wanted !== 'pull') wanted = what;
    if (!isRunning) void runAll();
  };
  const pushWaiting = async () => {
    if ((await listOutbox()).length > 0) ask('push');
  };
  const onShown = () => {
    if (document.visibilityState === 'visible') ask('pull');
  };

  const begin = async () => {
    // the manager itself believes in a network until it is notified of a change
    onlineManager.setOnline(navigator.onLine);
    await enterAccount(owner);
    ask('pull');
  };
  begin().catch(warn);
  window.addEventListener('focus', onShown, { signal });
  document.addEventListener('visibilitychange', onShown, { signal });
  const stopListening = [
    onlineManager.subscribe((isOnline) => isOnline && ask('pull')),
    onChange(({ kind }) => {
      if (kind === 'outbox') pushWaiting().catch(warn);
    }),
  ];
  return () => {
    stop.abort();
    for (const end of stopListening) end();
    reportSyncProblem(null);
  };
}

/** Runs one exchange: paused without a network, tried again where that may help. */
function mutate(client: QueryClient, mutationFn: () => Promise<void>): Promise<void> {
  return client
    .getMutationCache()
    .build<void, Error, void, unknown>(client, {
      mutationKey: ['sync'],
      mutationFn,
      networkMode: 'online',
      retry: shouldRetry,
      retryDelay: (failures, error) => retryDelayMs(failures, error),
      gcTime: 0,
    })
    .execute();
}

function warn(error: unknown): void {
  console.warn('The list could not be read or stored', error);
}

/** Why changes cannot be sent to the server; `null` if they can. */
export const syncStore = createStore<{ problem: ErrorCode | null }>(() => ({ problem: null }));

/** Sets the result of the last exchange with the server. */
function reportSyncProblem(problem: ErrorCode | null): void {
  syncStore.setState({ problem });
}

/** Failures that pass by themselves. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set([
  'OFFLINE',
  'CONNECTION_SLOW',
  'SERVER_BUSY',
  'RATE_LIMITED',
]);

/** How often one thing is tried again before it waits for the next occasion. */
const MAX_RETRIES = 6;

const BACKOFF = { firstMs: 1_000, maxMs: 60_000 } as const;

/** Whether to try again now. @param failures how often it failed before this time */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < MAX_RETRIES && TRANSIENT.has(toAppError(error).code);
}

/**
 * How long to wait before the next try, in ms: longer each time, at random so that devices which
 * lost the server together do not all come back together, and never sooner than the server asked.
 * @param random 0 to 1
 */
export function retryDelayMs(failures: number, error: unknown, random = Math.random()): number {
  const longest = backoffMs(failures + 1, BACKOFF);
  const asked = isAppError(error) ? Number(error.details.retryAfterS ?? 0) * 1_000 : 0;
  return asked + longest * random;
}
