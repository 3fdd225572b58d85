import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** What comes instead of, or out of, the store's own answer. */
export type StoreFault =
  /** An answer of somebody else. */
  | { kind: 'answer'; status: number; body?: string; headers?: Record<string, string> }
  /** Nothing ever comes. */
  | { kind: 'hang' }
  /** The connection ends before an answer. */
  | { kind: 'cut' }
  /** The store's answer stops in its middle, and the connection ends, or stays as it is. */
  | { kind: 'truncate'; afterBytes: number; stays: boolean }
  /** The store does what it is asked to, but its answer is lost. */
  | { kind: 'lost-answer' };

/** A store behind a line that fails at will. */
export interface StoreProxy {
  url: string;
  /** What every request meets from now on, or the next `times` ones. */
  fail(fault: StoreFault | null, times?: number): void;
  /** What was asked for since the start: `PUT /bucket/key`. */
  asked: string[];
  /** Connections that are open now. */
  connections(): Promise<number>;
}

/** Passes one request on to the store as it is: the host that was signed stays in it. */
function pass(
  from: IncomingMessage,
  to: ServerResponse,
  store: URL,
  fault: StoreFault | null,
): void {
  const { method, url, headers } = from;
  const { hostname, port } = store;
  const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
    if (fault?.kind === 'lost-answer') {
      answer.resume().on('end', () => to.destroy());
      return;
    }
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    if (fault?.kind !== 'truncate') {
      answer.pipe(to);
      return;
    }
    let left = fault.afterBytes;
    answer.on('data', (piece: Buffer) => {
      to.write(piece.subarray(0, left));
      left -= piece.length;
      if (left <= 0) answer.destroy();
    });
    answer.on('close', () => {
      // what was written is to arrive first
      if (!fault.stays) setTimeout(() => to.destroy(), 50);
    });
  });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
}

/** A proxy before an object store, on the loopback device; it ends with the test. */
export async function storeProxy(endpoint: string): Promise<StoreProxy> {
  const store = new URL(endpoint);
  const asked: string[] = [];
  let fault: StoreFault | null = null;
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((from, to) => {
    asked.push(`${from.method} ${from.url}`);
    const current = left > 0 ? fault : null;
    left -= 1;
    to.on('error', () => to.destroy());
    if (current?.kind === 'hang') return;
    if (current?.kind === 'cut') {
      from.socket.destroy();
      return;
    }
    if (current?.kind === 'answer') {
      from.resume();
      to.writeHead(current.status, { 'content-type': 'text/html', ...current.headers });
      to.end(current.body);
      return;
    }
    pass(from, to, store, current);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = server.address();
  return {
    url: `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`,
    fail(next, times = Number.POSITIVE_INFINITY) {
      fault = next;
      left = times;
    },
    asked,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
  };
}
