import { type Shelf, shelfSchema } from '@/lib/contracts';

/** The list waits for the server, but not longer than this. */
const TIMEOUT_MS = 5_000;
/** Key of the server's last known default model. A stored name: never changes. */
const DEFAULT_KEY = 'ai2text:server-model';

/**
 * The server's own models. If it cannot be reached, the list is empty: installed ones stay usable, and the
 * default is the last one known. Never rejects.
 * @param url absolute address of `/api/models`
 */
export async function fetchShelf(url: string): Promise<Shelf> {
  try {
    const response = await fetch(url, {
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const shelf = shelfSchema.parse(await response.json());
    keepDefault(shelf.defaultModelId);
    return shelf;
  } catch (error) {
    console.warn('The models of this server cannot be listed', error);
    return { models: [], defaultModelId: lastDefault() };
  }
}

function keepDefault(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(DEFAULT_KEY);
    else localStorage.setItem(DEFAULT_KEY, id);
  } catch {
    // storage is disabled: the server is asked at the next visit
  }
}

function lastDefault(): string | null {
  try {
    return localStorage.getItem(DEFAULT_KEY);
  } catch {
    return null; // as above
  }
}
