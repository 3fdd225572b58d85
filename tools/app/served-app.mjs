import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from '../command/interrupt.mjs';
import { ensureBuilt, startServer } from './app.mjs';
import { freePort } from './free-port.mjs';

/** Settings of whoever measures are not those of the server that is measured. */
export const EMBEDDED = Object.fromEntries(
  [
    ...['DATABASE_URL', 'NEXTAUTH_URL'],
    ...['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ].map((name) => [name, '']),
);

/**
 * Serves the production build on a free port, with data of its own, while `run` works with it.
 * @template T
 * @param {(url: string) => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function withServedApp(run) {
  await ensureBuilt();
  const port = await freePort();
  // not those of a server that runs here
  const dataDir = mkdtempSync(join(tmpdir(), 'ai2text-data-'));
  const starting = startServer({ port, env: { ...EMBEDDED, DATA_DIR: dataDir } });
  const close = async () => {
    try {
      await (await starting).close();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  };
  const forget = onInterrupt(close);
  try {
    return await run((await starting).url);
  } finally {
    forget();
    await close();
  }
}
