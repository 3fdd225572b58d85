'use client';

import { useEffect, useState } from 'react';
import { type ErrorCode, toAppError } from '@/lib/core/errors';
import { canEncrypt } from '@/lib/share/crypto';
import { idInPath, parseShareLink, type ShareLink } from '@/lib/share/link';
import { keepLink, keptLink } from '../_state/kept-link';

/** The link in the address; what is wrong with it; `null` until it is read. */
export type ReadLink = ShareLink | { problem: ErrorCode | 'insecure' } | null;

/**
 * Reads the link from the address and takes its secret out of it at once, so that it is neither in
 * the history nor on anyone's screen. A reload finds it in what this tab keeps.
 */
export function useShareLink(): ReadLink {
  const [link, setLink] = useState<ReadLink>(null);
  useEffect(() => {
    let gone = false;
    const tell = (read: ReadLink) => {
      if (!gone) setLink(read);
    };
    const read = async () => {
      const { pathname, hash } = window.location;
      // what can never work stays in the address: it is to be opened elsewhere
      if (!canEncrypt()) return tell({ problem: 'insecure' });
      const id = idInPath(pathname);
      if (hash === '' && id !== null) {
        const kept = await keptLink(id);
        if (kept) return tell(kept);
      }
      try {
        const found = parseShareLink(pathname, hash);
        hideFragment();
        await keepLink(found);
        tell(found);
      } catch (error) {
        tell({ problem: toAppError(error).code });
      }
    };
    void read();
    // another link of the same share typed into the address: nothing is loaded anew
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

function hideFragment(): void {
  const { pathname, search } = window.location;
  const hide = (state: unknown) => window.history.replaceState(state, '', `${pathname}${search}`);
  hide(window.history.state);
  // Next keeps the address, too, and would put it back: it listens a moment later than we run
  setTimeout(() => hide(null));
}
