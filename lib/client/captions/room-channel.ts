import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Locks, platformLocks } from '@/lib/client/store';
import { isAbort, newId } from '@/lib/core';
import {
  applyFrame,
  type CaptionFrame,
  type Captions,
  captionFrameSchema,
  frameBetween,
  NO_CAPTIONS,
  wholeFrame,
} from './captions';

const CHANNEL = 'ai2text:captions';

/** Held by a tab as long as it lives: whoever acquires it knows that the tab has gone. */
const LOCK = 'ai2text:captions:';

/** Messages between tabs. */
const messageSchema = z.discriminatedUnion('kind', [
  /** A window asks a tab for everything so far. */
  z.object({ kind: z.literal('hello'), source: z.string() }),
  /** Frame `n` of a tab; 0 holds everything. */
  z.object({
    kind: z.literal('frame'),
    source: z.string(),
    n: z.int().nonnegative(),
    frame: captionFrameSchema,
  }),
]);

/**
 * Sends captions to windows of this browser, as long as the page lives.
 * @returns names this tab in the address of such a window
 */
export function publishCaptions(
  captions: StoreApi<Captions>,
  locks: Pick<Locks, 'request'> = platformLocks(),
): string {
  const source = newId();
  const channel = new BroadcastChannel(CHANNEL);
  let n = 0;
  const send = (frame: CaptionFrame) => {
    n = frame.keep === 0 ? 0 : n + 1;
    channel.postMessage({ kind: 'frame', source, n, frame });
  };
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { data: message } = messageSchema.safeParse(data);
    if (message?.kind === 'hello' && message.source === source)
      send(wholeFrame(captions.getState()));
  });
  captions.subscribe((now, before) => {
    // a new recording begins with no words
    const isNew = now.finalCount < before.finalCount;
    const frame = isNew ? wholeFrame(now) : frameBetween(before, now);
    if (frame) send(frame);
  });
  locks
    .request(LOCK + source, () => new Promise<never>(() => undefined))
    .catch((error: unknown) => console.warn('Captions cannot report that this tab closes', error));
  return source;
}

/** Captions of another tab. `lost`: that tab has gone, and what it sent last stays. */
export interface RoomState {
  captions: Captions;
  connection: 'connecting' | 'open' | 'lost';
}

/**
 * Follows captions of another tab.
 * @param source as `publishCaptions` names that tab
 * @param signal ends it
 */
export function followCaptions(
  source: string,
  signal: AbortSignal,
  locks: Pick<Locks, 'request'> = platformLocks(),
): StoreApi<RoomState> {
  const state = createStore<RoomState>(() => ({ captions: NO_CAPTIONS, connection: 'connecting' }));
  const channel = new BroadcastChannel(CHANNEL);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  let next = 0;
  const hello = () => channel.postMessage({ kind: 'hello', source });
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { data: message } = messageSchema.safeParse(data);
    if (message?.kind !== 'frame' || message.source !== source) return;
    const { frame, n } = message;
    if (n !== 0 && n !== next) {
      if (n > next) hello();
      return;
    }
    next = n + 1;
    const before = n === 0 ? NO_CAPTIONS : state.getState().captions;
    state.setState({ captions: applyFrame(before, frame), connection: 'open' });
  });
  locks
    .request(LOCK + source, { mode: 'shared', signal }, () => {
      // captions that have ended are complete: nothing is lost
      if (state.getState().captions.phase !== 'ended') state.setState({ connection: 'lost' });
    })
    .catch((error: unknown) => {
      if (!isAbort(error)) console.warn('Whether the recording’s tab lives is not known', error);
    });
  hello();
  return state;
}
