import { z } from 'zod';
import { hashOf } from '@/lib/share/crypto';
import type { ShareLink } from '@/lib/share/link';

const keptSchema = z.object({ secret: z.string(), hasPassword: z.boolean() });

/** Until the page is left, also where storage is switched off. */
const opened = new Map<string, ShareLink>();

/** The name says nothing of the link: others on this device may see it. */
const keyOf = async (id: string) => `ai2text:share:${await hashOf(id)}`;

/**
 * Keeps an opened link until this tab is closed: it is taken out of the address at once, and a page
 * that is loaded again still needs it.
 */
export async function keepLink(link: ShareLink): Promise<void> {
  const { id, secret, hasPassword } = link;
  opened.set(id, link);
  const value = JSON.stringify({ secret, hasPassword });
  try {
    sessionStorage.setItem(await keyOf(id), value);
  } catch {
    // storage is switched off in this browser: the link has to be opened again after a reload
  }
}

/** The link of this id that this tab opened before; `null` when there is none. */
export async function keptLink(id: string): Promise<ShareLink | null> {
  const known = opened.get(id);
  if (known) return known;
  try {
    const value = sessionStorage.getItem(await keyOf(id));
    const kept = value === null ? null : keptSchema.safeParse(JSON.parse(value)).data;
    return kept ? { id, ...kept } : null;
  } catch {
    return null; // storage is switched off in this browser, or holds something else
  }
}
