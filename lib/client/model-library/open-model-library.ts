import { z } from 'zod';
import { fetchCatalogue } from '@/lib/catalogue';
import { askToPersist, type Locks, storageFacts } from '@/lib/client/store';
import { modelsApi } from '@/lib/contracts';
import { AppError, toAppError } from '@/lib/core';
import { createModelLibrary } from './create-model-library';
import type { FileTransfers } from './downloads/file-transfers';
import { fetchShelf } from './fetch-shelf';
import type { ModelLibrary } from './model-library';
import { broadcastChannel } from './model-library-channel';

/**
 * The models that are not part of the app. Resumes downloads that were wanted when the app was last
 * open. Browser only.
 */
export function openModelLibrary({
  openTransfers,
  locks,
}: {
  openTransfers(): FileTransfers;
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
    locks,
    channel: broadcastChannel(new BroadcastChannel('ai2text:models')),
    freeBytes: async () => {
      const { usedBytes, quotaBytes } = await storageFacts();
      return usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes;
    },
    askToPersist,
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
