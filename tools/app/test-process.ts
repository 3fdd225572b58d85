// The built server in a process of its own, for tests that need no browser.
import { mkdtempSync, rmSync } from 'node:fs';
import { request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './listening';
import { startServer } from './server';

/** A server that runs, with data of its own. */
export interface ServerProcess {
  url: string;
  port: number;
  dataDir: string;
  /** Every line that it wrote, less Next's greeting. */
  said: string[];
  /** Tells it to stop, and waits until it has. */
  close(): Promise<void>;
}

/** What tests of this process have started and made, and not put away yet. */
const servers = new Set<ServerProcess>();
const folders: string[] = [];

/** A new, empty folder for a server's data; `putAway` takes it away. */
export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-process-'));
  folders.push(folder);
  return folder;
}

/** Stops what still runs, whatever became of its test, and takes all data away. */
export async function putAway(): Promise<void> {
  await Promise.all([...servers].map((server) => server.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Starts the build (`npm run build`) on a port that is free. @param env beside this process's own */
export async function startProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const dataDir = newDataDir();
  const said: string[] = [];
  const { url, close } = await startServer({
    port,
    env: { DATA_DIR: dataDir, ...env },
    print: (line: string) => void said.push(line),
  });
  const server: ServerProcess = {
    url,
    port,
    dataDir,
    said,
    close: async () => {
      servers.delete(server);
      await close();
    },
  };
  servers.add(server);
  return server;
}

interface RawRequest {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** Of the body, one write each. */
  pieces?: string[];
}

/** An answer to a request that no browser would send: its path goes as it is. */
export function raw(
  url: string,
  { pieces = [], ...options }: RawRequest,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = ask({ hostname, port, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    // it may be refused before all of it is sent
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error);
    });
    for (const piece of pieces) request.write(piece);
    request.end();
  });
}
