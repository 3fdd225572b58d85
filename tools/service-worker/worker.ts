// Serves the app's own files from the cache, so that it works without a network after the first
// visit. Written into public/sw.js by `write.ts`; touches nothing but our files.

import {
  type ObservedRequest,
  observeRequests,
  REQUEST_CHANNEL,
} from '../../lib/core/observed-requests';

declare const self: ServiceWorkerGlobalScope;

/** Put in by `write.ts`: what tells this build from others, */
declare const VERSION: string;
/** every file of it, */
declare const FILES: readonly string[];
/** and pages that can be opened without a network. */
declare const PAGES: readonly string[];

const CACHE = `ai2text-${VERSION}`;
/** Files that never change under their name: taken from the cache without asking. */
const IMMUTABLE = '/_next/static/';
const known = new Set([...FILES, ...PAGES]);

/** The latest of its own requests, as many as pages keep. */
const observed: ObservedRequest[] = [];
observeRequests('service-worker', (requests) => {
  observed.push(...requests);
  observed.splice(0, observed.length - 5000);
});

// Only in answer: in Firefox (seen in 153), one that sends them by itself leaves all requests of the pages
// that it takes over without an answer, until it is stopped. Why is not known.
self.addEventListener('message', ({ data, source }) => {
  if (data === REQUEST_CHANNEL) source?.postMessage({ kind: 'observed', requests: observed });
});

// No `skipWaiting`: tabs of the older build need its files until they are closed.
self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // one after the other: the first visit needs the line for itself
      for (const path of [...PAGES, ...FILES]) {
        if (await cache.match(path)) continue;
        const response = await fetch(path, { cache: 'no-cache' });
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        await cache.put(path, response);
      }
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith('ai2text-') && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request, url));
  else if (known.has(url.pathname)) event.respondWith(file(request, url));
});

/**
 * A recreated response, without an address of its own: a worker started with one keeps the
 * fragment of the address it was asked for, in which the bundler tells it what to load.
 */
async function fromCache(path: string): Promise<Response | null> {
  const cached = await caches.match(path, { cacheName: CACHE });
  if (!cached) return null;
  const { status, statusText, headers } = cached;
  return new Response(cached.body, { status, statusText, headers });
}

/** Pages come from the network while there is one: a new build is seen at once. */
async function page(request: Request, url: URL): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const shell = url.pathname.startsWith('/transcripts/') ? '/transcripts/offline' : url.pathname;
    const cached = await fromCache(shell);
    if (cached) return cached;
    throw error;
  }
}

async function file(request: Request, url: URL): Promise<Response> {
  const cached = await fromCache(url.pathname);
  if (cached && (url.pathname.startsWith(IMMUTABLE) || !navigator.onLine)) return cached;
  try {
    // a model or runtime that changed on the server is noticed; unchanged it costs one short answer
    const response = await fetch(request);
    if (response.ok || !cached) return response;
    return cached;
  } catch (error) {
    if (cached) return cached;
    throw error;
  }
}
