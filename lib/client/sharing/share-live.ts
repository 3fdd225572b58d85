import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { applyFrame, type Captions, captionFrameSchema } from '@/lib/client/captions';
import { callServer, publicOrigin } from '@/lib/client/http';
import {
  keepUnsentLive,
  libraryLocks,
  listShareLinks,
  putShareLink,
  removeShareLink,
  type UnsentLive,
} from '@/lib/client/store';
import type { LiveFrame } from '@/lib/contracts';
import { isAbort } from '@/lib/core';
import { deriveShareKeys, hashOf, newShareSecret } from './envelope';
import { buildShareLink } from './link';
import { LiveSender, type LiveShareState } from './live-sender';

const EMPTY = z.null();

/** A recording that others follow by a link. */
export interface LiveShare {
  readonly link: string;
  readonly idHash: string;
  readonly state: StoreApi<LiveShareState>;
  /** Ends it for followers, who keep the text; the recording goes on. */
  end(): void;
}

interface Options {
  /** Which transcript the recording becomes. */
  transcriptId: string;
  lifetimeS: number;
  /** Empty: none. */
  password: string;
  signal: AbortSignal;
}

/**
 * Makes a link to captions, and sends them, sealed, until they end.
 * @throws what the server said, ABORTED
 */
export async function shareLive(
  captions: StoreApi<Captions>,
  { transcriptId, lifetimeS, password, signal }: Options,
): Promise<LiveShare> {
  const secret = newShareSecret();
  const [keys, idHash] = await Promise.all([deriveShareKeys(secret, password), hashOf(secret.id)]);
  const hasPassword = password !== '';
  await putShareLink({ ...secret, transcriptId, hasPassword });
  try {
    const authHash = await hashOf(keys.auth);
    await callServer('POST', '/api/live', {
      body: { idHash, authHash, transcriptId, hasPassword, lifetimeS },
      schema: EMPTY,
      signal,
    });
  } catch (error) {
    await removeShareLink(secret.id, transcriptId);
    throw error;
  }
  const link = buildShareLink(publicOrigin(), { ...secret, hasPassword, isLive: true });
  const sender = new LiveSender(captions, keys.live, sendTo(idHash), keepFor(secret.id));
  // whoever waits for it sends the rest once this tab is gone
  libraryLocks()
    .request(lockName(secret.id), () => sender.done)
    .catch((error: unknown) => console.warn('Live text goes on without a lock', error));
  return { link, idHash, state: sender.state, end: () => sender.end() };
}

/**
 * Sends what earlier pages could not: the end of live text whose tab was closed without a network, or before all had
 * arrived. That of a tab which is still open comes when that tab is gone. It looks when the page opens, is shown again
 * or has its network back.
 * @returns stops it; what waits is sent by the next page
 */
export function startSendingUnsent(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const waitedFor = new Set<string>();

  const look = async () => {
    for (const { id, unsent } of await listShareLinks()) {
      if (!unsent || waitedFor.has(id)) continue;
      waitedFor.add(id);
      libraryLocks()
        .request(lockName(id), { signal }, () => sendUnsent(id))
        .catch(warnOfUnsent)
        .finally(() => waitedFor.delete(id));
    }
  };
  const ask = () => {
    if (document.visibilityState === 'visible') look().catch(warnOfUnsent);
  };

  ask();
  window.addEventListener('online', ask, { signal });
  document.addEventListener('visibilitychange', ask, { signal });
  return () => stop.abort();
}

/** Sends the rest of one link, as its tab left it: what was unsure is final then. */
async function sendUnsent(id: string): Promise<void> {
  const link = (await listShareLinks()).find((one) => one.id === id);
  if (!link?.unsent) return;
  const { key, frame, sent, rest } = link.unsent;
  const captions = captionsAt(sent);
  const now = rest === null ? captions : applyFrame(captions, captionFrameSchema.parse(rest));
  const ended = { ...now, phase: 'ended' as const, finalCount: now.words.length };
  const send = sendTo(await hashOf(id));
  const last = createStore<Captions>(() => ended);
  await new LiveSender(last, key, send, keepFor(id), { captions, frame }).done;
}

/** Captions without the words that followers have: only how many there are matters. */
function captionsAt(sent: unknown): Captions {
  const { phase, title, language, keep, finalCount } = captionFrameSchema.parse(sent);
  return { phase, title, language, words: new Array<string>(keep).fill(''), finalCount };
}

function sendTo(idHash: string) {
  return (frame: LiveFrame) =>
    // the tab may be closed as soon as the recording has ended
    callServer('POST', `/api/live/${idHash}`, { body: frame, schema: EMPTY, keepalive: true });
}

function keepFor(id: string) {
  return (unsent: UnsentLive | null) => keepUnsentLive(id, unsent);
}

function lockName(id: string): string {
  return `ai2text:live:${id}`;
}

function warnOfUnsent(error: unknown): void {
  if (!isAbort(error)) console.warn('The end of live text could not be sent', error);
}
