import 'server-only';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { onceInProcess } from '@/lib/server/process';

/** Carries the socket's address to routes, which Next hands requests without their socket. */
const PEER_HEADER = 'x-ai2text-peer';

/** Marks the header as written here: a client that sends it itself does not know the mark. */
function mark(): string {
  return onceInProcess('peer-mark', () => randomBytes(16).toString('base64url'));
}

/** Notes on every request of this process from which address its connection comes. Called once. */
export function notePeers(): void {
  // Node tells of each request before anything else sees it
  subscribe('http.server.request.start', (message) => {
    // the form that Node documents for this channel
    const { request } = message as { request: IncomingMessage };
    request.headers[PEER_HEADER] = `${mark()} ${request.socket.remoteAddress ?? ''}`;
  });
}

/** The headers of a request whose connection comes from `address`: for tests without a socket. */
export function peerHeaders(address: string): Record<string, string> {
  return { [PEER_HEADER]: `${mark()} ${address}` };
}

/** The address at the other end of the request's connection; `null` when nobody noted it. */
export function peerOf(headers: Headers): string | null {
  const [theirs, address] = headers.get(PEER_HEADER)?.split(' ') ?? [];
  return theirs === mark() && address ? address : null;
}
