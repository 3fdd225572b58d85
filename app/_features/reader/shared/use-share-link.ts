'use client';

import { useEffect, useState } from 'react';
import {
  buildShareLink,
  canEncrypt,
  cleanSharePath,
  hashOf,
  idInPath,
  parseShareLink,
  type ShareLink,
} from '@/lib/client/sharing';
import { type ErrorCode, toAppError } from '@/lib/core';

/** The link in the address, or what is wrong with it; `null` until it is read. */
export type ReadLink =
  | ShareLink
  | { problem: ErrorCode }
  /** Browsers decrypt on secure pages only; `secure` is the same link for https, where it is whole. */
  | { problem: 'insecure'; secure: string | null }
  | null;

/**
 * Reads the link from the address and takes all that is secret out of it at once, whatever is wrong
 * with it, so that it is neither in the history nor on anyone's screen. A reload finds it in what this
 * tab keeps.
 */
export function useShareLink(): ReadLink {
  const [link, setLink] = useState<ReadLink>(null);
  useEffect(() => {
    let gone = false;
    const read = async () => {
      const { pathname, search, hash, host } = window.location;
      const address = `${pathname}${search}${hash}`;
      cleanBar(address);
      const found = await (canEncrypt() ? readAddress(address) : insecure(address, host));
      if (!gone) setLink(found);
    };
    void read();
    // another link of the same share typed into the address: the page is not loaded again
    const onHashChange = () => {
      if (window.location.hash !== '') void read();
    };
    window.addEventListener('hashchange', onHashChange);
    return () => {
      gone = true;
      window.removeEventListener('hashchange', onHashChange);
    };
  }, []);
  return link;
}

async function readAddress(address: string): Promise<ShareLink | { problem: ErrorCode }> {
  const id = idInPath(address);
  try {
    const link = parseShareLink(address, '');
    await keepAddress(link.id, buildShareLink('', link));
    return link;
  } catch (error) {
    const { code } = toAppError(error);
    // for the page of a later version, which a reload may bring
    if (code === 'SHARE_TOO_NEW' && id !== null) await keepAddress(id, address);
    const kept = id !== null && address === cleanSharePath(address) ? await keptAddress(id) : null;
    return kept === null ? { problem: code } : readAddress(kept);
  }
}

function insecure(address: string, host: string): ReadLink {
  try {
    const secure = buildShareLink(`https://${host}`, parseShareLink(address, ''));
    return { problem: 'insecure', secure };
  } catch {
    return { problem: 'insecure', secure: null }; // the link has a fault beside that one
  }
}

function cleanBar(address: string): void {
  const path = cleanSharePath(address);
  const clean = (state: unknown) => window.history.replaceState(state, '', path);
  clean(window.history.state);
  // Next keeps the address, too, and would put it back: it listens a moment later than we run
  setTimeout(() => clean(null));
}

/** Until the page is left, also where storage is switched off. */
const opened = new Map<string, string>();

/** The name says nothing of the link: others on this device may see it. */
const keyOf = async (id: string) => `ai2text:share:${await hashOf(id)}`;

/**
 * Keeps the address of a share until this tab is closed: all that is secret is taken out of the bar at
 * once, and a page that is loaded again still needs it.
 * @param address its path, query and fragment
 */
async function keepAddress(id: string, address: string): Promise<void> {
  opened.set(id, address);
  try {
    sessionStorage.setItem(await keyOf(id), address);
  } catch {
    // storage is switched off in this browser: the link has to be opened again after a reload
  }
}

/** The address by which this tab opened the share of this id before; `null` when it did not. */
async function keptAddress(id: string): Promise<string | null> {
  const known = opened.get(id);
  if (known !== undefined) return known;
  try {
    return sessionStorage.getItem(await keyOf(id));
  } catch {
    return null; // storage is switched off in this browser
  }
}
