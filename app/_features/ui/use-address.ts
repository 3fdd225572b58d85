'use client';

import { usePathname } from 'next/navigation';
import { useSyncExternalStore } from 'react';

const onNavigate = (listener: () => void) => {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
};
const readId = () => /^\/transcripts\/([^/]+)\/?$/.exec(window.location.pathname)?.[1] ?? null;
const readOnServer = () => null;

/**
 * The id in the address of a transcript's page; `null` on the server and before it is known.
 * Read from the address itself and not from the page's parameters: the page that a service worker
 * keeps for use offline is the same for every transcript.
 */
export function useTranscriptId(): string | null {
  usePathname(); // draws again when the app itself changes the address
  return useSyncExternalStore(onNavigate, readId, readOnServer);
}

/** The position asked for in the address (`?t=`), in ms; `null` when none is. */
export function positionInAddress(): number | null {
  const value = new URLSearchParams(window.location.search).get('t');
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : null;
}
