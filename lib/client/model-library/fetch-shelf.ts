import { type Shelf, shelfSchema } from '@/lib/contracts';

/** The server is asked before the list is shown: one that does not answer does not hold it up. */
const TIMEOUT_MS = 5_000;
/** Where the default is kept that the server said last. */
const DEFAULT_KEY = 'ai2text:server-model';

/**
 * The server's own models. Where it cannot be asked none are to be had from it: what this device has of
 * them stays in use, and the default is what it said last. Never rejects.
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
    // storage is switched off in this browser: the server is asked on the next visit
  }
}

function lastDefault(): string | null {
  try {
    return localStorage.getItem(DEFAULT_KEY);
  } catch {
    return null; // as above
  }
}
