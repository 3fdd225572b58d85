import { hashOf } from '@/lib/client/sharing';

/** Until the page is left, also where storage is switched off. */
const opened = new Map<string, string>();

/** The name says nothing of the link: others on this device may see it. */
const keyOf = async (id: string) => `ai2text:share:${await hashOf(id)}`;

/**
 * Keeps the address of a share until this tab is closed: all that is secret is taken out of the bar at
 * once, and a page that is loaded again still needs it.
 * @param address its path, query and fragment
 */
export async function keepAddress(id: string, address: string): Promise<void> {
  opened.set(id, address);
  try {
    sessionStorage.setItem(await keyOf(id), address);
  } catch {
    // storage is switched off in this browser: the link has to be opened again after a reload
  }
}

/** The address by which this tab opened the share of this id before; `null` when it did not. */
export async function keptAddress(id: string): Promise<string | null> {
  const known = opened.get(id);
  if (known !== undefined) return known;
  try {
    return sessionStorage.getItem(await keyOf(id));
  } catch {
    return null; // storage is switched off in this browser
  }
}
