import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { newId, throwIfAborted } from '@/lib/core';
import { AppClient } from './app-client';
import { workLoop } from './work-loop';

const JOB = {
  id: 'a'.repeat(64),
  lease: newId(),
  leaseMs: 60_000,
  name: 'a.wav',
  sizeBytes: 4,
  progress: null,
  batches: 0,
  sealTo: null,
};

/** An app with one job, whose answers to `fail` a test gives. @returns its address */
async function serveJob(answer: (tries: number) => number | null): Promise<string> {
  let tries = 0;
  const server = createServer((request, response) => {
    if (request.url === '/api/work/lease') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ job: JOB }));
      return;
    }
    tries += 1;
    const status = answer(tries);
    if (status !== null) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('ends at once when it is stopped while the app does not take a failed job back', async () => {
  const stop = new AbortController();
  // the app hangs
  const url = await serveJob(() => {
    stop.abort();
    return null;
  });
  const client = new AppClient(url, 'token', 'test');
  const lines: string[] = [];
  const fails = async () => {
    throw new Error('The disk is full.');
  };
  await workLoop(client, fails, (line) => lines.push(line), stop.signal);
  expect(lines.at(-1)).toBe('The worker stops.');
});

it('gives its job back when it is stopped', async () => {
  const stop = new AbortController();
  let given = 0;
  const url = await serveJob((tries) => {
    given = tries;
    return 204;
  });
  const client = new AppClient(url, 'token', 'test');
  const lines: string[] = [];
  await workLoop(
    client,
    async (_source, _from, _onBatch, signal) => {
      stop.abort();
      throwIfAborted(signal);
      throw new Error('It was not stopped.');
    },
    (line) => lines.push(line),
    stop.signal,
  );
  expect(given).toBe(1);
  expect(lines).toEqual(['a.wav: The worker was stopped.']);
});
