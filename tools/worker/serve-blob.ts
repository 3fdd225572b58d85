import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseRange } from '@/lib/server/http/byte-range';

/** What is read at once. */
const PIECE_BYTES = 1 << 20;

/** A blob that programs of this machine can read. */
export interface ServedBlob {
  url: string;
  close(): void;
}

/**
 * Gives a blob to programs that read files by ranges, at an address that nobody else can know.
 * @param onFailure the blob cannot be read: to its reader that looks like the end of the file
 */
export async function serveBlob(
  blob: Blob,
  onFailure: (error: unknown) => void,
): Promise<ServedBlob> {
  const read = async (start: number, end: number) => {
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    } catch (error) {
      onFailure(error);
      throw error;
    }
  };
  const path = `/${randomBytes(24).toString('hex')}`;
  const server = createServer((request, response) => {
    if (request.url === path && request.method === 'GET')
      void answer(blob.size, read, request, response);
    else response.writeHead(404).end();
  });
  // a process that has nothing else to do may end
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // the server listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Read = (start: number, end: number) => Promise<Uint8Array>;

async function answer(
  sizeBytes: number,
  read: Read,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const range = parseRange(request.headers.range ?? null, sizeBytes);
  if (range === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-length': end - start,
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
  });
  try {
    await pipeline(Readable.from(pieces(read, start, end)), response);
  } catch {
    // a reader that seeks breaks off; a read that failed was reported
    response.destroy();
  }
}

async function* pieces(read: Read, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES)
    yield await read(at, Math.min(at + PIECE_BYTES, end));
}
