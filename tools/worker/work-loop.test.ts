import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
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

interface Call {
  path: string | undefined;
  body: unknown;
}

/** An app with one job, whose answers to `fail` a test gives. @returns its address */
async function serveJob(answer: (tries: number, call: Call) => number | null): Promise<string> {
  let tries = 0;
  const server = createServer(async (request, response) => {
    if (request.url === '/api/work/lease') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ job: JOB }));
      return;
    }
    tries += 1;
    const status = answer(tries, { path: request.url, body: await json(request) });
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

it('gives a recording without speech up for good', async () => {
  const stop = new AbortController();
  const calls: unknown[] = [];
  const url = await serveJob((_, call) => {
    calls.push(call);
    stop.abort();
    return 204;
  });
  const end = {
    ...{ durationMs: 2000, mediaType: 'audio/wav', language: 'und', hasSpeech: false },
    model: { id: 'm', backend: 'wasm' as const, precision: 'int8' },
  };
  const client = new AppClient(url, 'token', 'test');
  const lines: string[] = [];
  await workLoop(
    client,
    async () => end,
    (line) => lines.push(line),
    stop.signal,
  );
  expect(calls).toEqual([
    {
      path: `/api/work/${JOB.id}/fail`,
      body: expect.objectContaining({ code: 'NO_SPEECH', isFinal: true }),
    },
  ]);
});
