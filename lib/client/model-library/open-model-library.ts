import { z } from 'zod';
import { fetchCatalogue } from '@/lib/catalogue';
import { askToPersist, type Locks, storageFacts } from '@/lib/client/store';
import { modelsApi, type Shelf, shelfSchema } from '@/lib/contracts';
import { AppError, isPrivateSession, keepChoice, toAppError } from '@/lib/core';
import { createModelLibrary } from './create-model-library';
import type { FileTransfers } from './downloads/run-download';
import type { AskHub } from './hub/hub-fetch';
import type { ModelLibrary } from './model-library';
import { broadcastChannel } from './model-library-state';

/**
 * The models that are not part of the app. Resumes downloads that were wanted when the app was last
 * open. Browser only.
 */
export function openModelLibrary({
  openTransfers,
  askHub,
  locks,
}: {
  openTransfers(): FileTransfers;
  askHub: AskHub;
  locks: Locks;
}): ModelLibrary {
  const shelfUrl = new URL('/api/models', location.origin).href;
  return createModelLibrary({
    catalogue: async () => {
      const { models } = await fetchCatalogue(
        new URL('/models/catalogue.json', location.origin).href,
      );
      return models.filter((model) => model.family !== 'ctc');
    },
    hub: fetchHub,
    shelf: () => fetchShelf(shelfUrl),
    shelfUrl,
    modelsUrl: new URL('/models/', location.origin).href,
    openTransfers,
    askHub,
    locks,
    channel: broadcastChannel(new BroadcastChannel('ai2text:models')),
    freeBytes: async () => {
      const { usedBytes, quotaBytes } = await storageFacts();
      return usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes;
    },
    askToPersist,
    isReadOnly: isPrivateSession(),
    onOnline: (listener) => addEventListener('online', listener),
  });
}

const refusalSchema = z.object({ message: z.string() });

/** The hub that this server is configured with. @throws OFFLINE, MODEL_DOWNLOAD_FAILED */
async function fetchHub(): Promise<string> {
  try {
    const response = await fetch('/api/hub', { cache: 'no-store' });
    const answer: unknown = await response.json();
    if (response.ok) return modelsApi.hub.answer.parse(answer).address;
    const refusal = refusalSchema.safeParse(answer);
    const why = refusal.success ? refusal.data.message : `status ${response.status}`;
    throw new AppError('MODEL_DOWNLOAD_FAILED', why);
  } catch (error) {
    throw toAppError(error, navigator.onLine ? 'MODEL_DOWNLOAD_FAILED' : 'OFFLINE');
  }
}

/** The list waits for the server, but not longer than this. */
const TIMEOUT_MS = 5_000;
/** Key of the server's last known default model. A stored name: never changes. */
const DEFAULT_KEY = 'ai2text:server-model';

/**
 * The server's own models. If it cannot be reached, the list is empty: installed ones stay usable, and the
 * default is the last one known. Never rejects.
 * @param url absolute address of `/api/models`
 */
async function fetchShelf(url: string): Promise<Shelf> {
  try {
    const response = await fetch(url, {
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const shelf = shelfSchema.parse(await response.json());
    keepChoice(DEFAULT_KEY, shelf.defaultModelId);
    return shelf;
  } catch (error) {
    console.warn('The models of this server cannot be listed', error);
    return { models: [], defaultModelId: lastDefault() };
  }
}

function lastDefault(): string | null {
  try {
    return localStorage.getItem(DEFAULT_KEY);
  } catch {
    return null; // storage is switched off: the server is asked at the next visit
  }
}
