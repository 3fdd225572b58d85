import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { guard, LONGEST_ROUTE_MS } from './http-guard';

it('leaves a request the time that the longest route has, and its headers a minute', () => {
  const server = createServer();
  guard(server);
  expect(server.requestTimeout).toBeGreaterThan(LONGEST_ROUTE_MS);
  expect(server.headersTimeout).toBe(60_000);
});
