import type { StoreApi } from 'zustand/vanilla';
import { toAppError } from '@/lib/core';
import type { ShareLink } from './link';
import { followLive, type LiveState } from './live-follower';
import { type Opening, type OpenShare, openShare } from './open-share';

/** What a link leads to. */
export type OpenLink =
  | { kind: 'open'; share: OpenShare }
  | { kind: 'live'; live: StoreApi<LiveState> };

interface Options {
  /** Gives up opening. */
  signal: AbortSignal;
  /** Live text is followed until this fires. */
  until: AbortSignal;
  onProgress: (opening: Opening) => void;
}

/**
 * Opens a link, whether it leads to a transcript or to live text. Programs on its way may have cut off what says
 * which: where the server knows nothing of the one kind, it is asked for the other.
 * @throws as `openShare` and `followLive`
 */
export async function openLink(
  link: ShareLink,
  password: string | null,
  { signal, until, onProgress }: Options,
): Promise<OpenLink> {
  const kinds = {
    open: async (): Promise<OpenLink> => ({
      kind: 'open',
      share: await openShare(link, password, signal, onProgress),
    }),
    live: async (): Promise<OpenLink> => ({
      kind: 'live',
      live: await followLive(link, password, until),
    }),
  };
  const [first, other] = link.isLive ? [kinds.live, kinds.open] : [kinds.open, kinds.live];
  try {
    return await first();
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') throw error;
    return await other();
  }
}
