import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from '../command/interrupt';
import { ensureBuilt } from './build';
import { freePort } from './free-port';
import { startServer } from './server';

/** The settings of this process are not those of the server that is measured. */
export const EMBEDDED: Readonly<Record<string, string>> = {
  DATABASE_URL: '',
  NEXTAUTH_URL: '',
  S3_ENDPOINT: '',
  S3_BUCKET: '',
  S3_ACCESS_KEY_ID: '',
  S3_SECRET_ACCESS_KEY: '',
};

/** Serves the production build on a free port, with data of its own, while `run` works with it. */
export async function withServedApp<T>(run: (url: string) => Promise<T>): Promise<T> {
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
  const stopListening = onInterrupt(close);
  try {
    return await run((await starting).url);
  } finally {
    stopListening();
    await close();
  }
}
