import 'server-only';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { processSingleton, serverEnv } from '@/lib/server/process';

/** Stands for an unknown address. */
const UNKNOWN_ADDRESS = 'unknown';

/**
 * The client's address, as far as it can be trusted. Each proxy appends the address of its own client to
 * `x-forwarded-for`; the last `TRUST_PROXY` hops are our proxies, and what comes before them may have been
 * forged by the client.
 * @returns an IPv4 address, the first 64 bits of an IPv6 address (which one household or server
 *   has to itself), or `unknown`
 */
export function clientAddress(request: { headers: Headers }): string {
  const peer = peerOf(request.headers);
  const forwarded = (request.headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const hops = peer === null ? forwarded : [...forwarded, peer];
  const hop = hops[Math.max(0, hops.length - 1 - serverEnv().trustProxy)];
  return hop === undefined ? UNKNOWN_ADDRESS : comparable(hop);
}

/** Normalises an address: `::ffff:1.2.3.4` becomes `1.2.3.4`, and a port is dropped. */
function comparable(text: string): string {
  const bare = text
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  const address = mapped ?? bare;
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return network(address);
    default:
      return UNKNOWN_ADDRESS;
  }
}

/** The first four groups of an IPv6 address, written out. */
function network(address: string): string {
  // the platform's parser gives an address its canonical, shortest form
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

/** Carries the socket's address to routes, which Next hands requests without their socket. */
const PEER_HEADER = 'x-ai2text-peer';

/** Proves that this process wrote the header: clients do not know this secret. */
function mark(): string {
  return processSingleton('peer-mark', () => randomBytes(16).toString('base64url'));
}

/** Adds the address of its connection to every request of this process. Called once. */
export function notePeers(): void {
  // Node announces each request before anything else sees it
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

/** The address at the other end of the request's connection; `null` when it was not added. */
export function peerOf(headers: Headers): string | null {
  const [theirs, address] = headers.get(PEER_HEADER)?.split(' ') ?? [];
  return theirs === mark() && address ? address : null;
}
