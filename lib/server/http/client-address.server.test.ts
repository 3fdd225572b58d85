import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { clientAddress, notePeers, peerHeaders, peerOf } from './client-address';

/** Whom a request with these facts is taken to come from. */
async function addressOf(
  trustProxy: number,
  peer: string | null,
  forwarded?: string,
): Promise<string> {
  await withServer({ database: 'none', env: { TRUST_PROXY: String(trustProxy) } });
  const headers = new Headers(peer === null ? {} : peerHeaders(peer));
  if (forwarded !== undefined) headers.set('x-forwarded-for', forwarded);
  return clientAddress({ headers });
}

describe('clientAddress', () => {
  it('believes no forwarded address unless the number of proxies is configured', async () => {
    expect(await addressOf(0, '198.51.100.7', '203.0.113.9')).toBe('198.51.100.7');
  });

  it('takes the address that the last trusted proxy was asked from', async () => {
    expect(await addressOf(1, '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
    expect(await addressOf(2, '10.0.0.1', '203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
  });

  it('is not fooled by addresses that a client put before those of the proxies', async () => {
    expect(await addressOf(1, '10.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.9')).toBe('203.0.113.9');
  });

  it('takes the farthest address known when a request came by fewer proxies', async () => {
    expect(await addressOf(3, '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
    expect(await addressOf(1, '198.51.100.7')).toBe('198.51.100.7');
  });

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:51234', '203.0.113.9'],
    ['[2001:db8:1:2:3:4:5:6]:443', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['<script>', 'unknown'],
  ])('writes %s as %s', async (given, address) => {
    expect(await addressOf(1, '10.0.0.1', given)).toBe(address);
  });

  it('counts all of one household’s IPv6 addresses as one', async () => {
    const first = await addressOf(0, '2001:db8:1:2::1');
    expect(await addressOf(0, '2001:db8:1:2:ffff::2')).toBe(first);
    expect(await addressOf(0, '2001:db8:1:3::1')).not.toBe(first);
  });
});

describe('notePeers', () => {
  it('notes the socket’s address over whatever the client claims', async () => {
    notePeers();
    const server = createServer(({ headers }, response) => {
      response.end(peerOf(new Headers({ 'x-ai2text-peer': String(headers['x-ai2text-peer']) })));
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // a server that listens on a port has an address of this form
    const { port } = server.address() as AddressInfo;
    const headers = { 'x-ai2text-peer': 'made-up 203.0.113.9' };
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers });
    expect(await response.text()).toBe('127.0.0.1');
  });

  it('believes no header that it did not write', () => {
    expect(peerOf(new Headers({ 'x-ai2text-peer': '203.0.113.9' }))).toBeNull();
    expect(peerOf(new Headers({ 'x-ai2text-peer': 'made-up 203.0.113.9' }))).toBeNull();
    expect(peerOf(new Headers(peerHeaders('203.0.113.9')))).toBe('203.0.113.9');
  });
});
