import 'server-only';
import { join } from 'node:path';
import { backoffMs, retry, toAppError } from '@/lib/core';
import { forgetSingleton, log, processSingleton, serverEnv } from '@/lib/server/process';
import { DirectoryStore } from './directory';
import { S3Store } from './s3';
import type { ObjectStore } from './store';

/** How long setting rules of the bucket may take at a time, in ms. */
const LIMIT_MS = 30_000;
/** The store may start beside the app, and be slow with its first bucket. */
const ATTEMPTS = 5;
const BACKOFF = { firstMs: 1_000, maxMs: 15_000 } as const;

/**
 * The process's object store: a bucket when `S3_ENDPOINT` is set, else a directory under `DATA_DIR`.
 * @throws BAD_REQUEST for a wrong environment
 */
export function objectStore(): ObjectStore {
  return processSingleton('objects', () => {
    const { s3, dataDir } = serverEnv();
    return s3 ? new S3Store(s3) : new DirectoryStore(join(dataDir, 'objects'));
  });
}

/**
 * Where browsers reach the bucket (`S3_PUBLIC_ENDPOINT`), lets this app's pages use the addresses it signs.
 * Rules that somebody else has set stay as they are: then it says what is missing.
 */
export async function allowBrowsers(): Promise<void> {
  const { s3, publicUrl } = serverEnv();
  if (!s3?.publicEndpoint) return;
  const { origin } = new URL(publicUrl);
  try {
    const store = new S3Store(s3);
    const isAllowed = await retry(
      () => store.allowBrowsers(origin, AbortSignal.timeout(LIMIT_MS)),
      {
        attempts: ATTEMPTS,
        delayMs: (failures) => backoffMs(failures, BACKOFF),
        isRetryable: (error) => toAppError(error).code === 'SERVER_BUSY',
      },
    );
    if (!isAllowed)
      log('warn', 'objects.browsers_not_allowed', {
        message: `The CORS rules of the bucket ${s3.bucket} do not allow GET and PUT from ${origin}: add a rule that does (docs/deploying.md).`,
      });
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'objects.browsers_not_allowed', { code, message });
  }
}

/** Looks at the environment again at the next use: for tests, which change it. */
export function resetObjectStore(): void {
  forgetSingleton('objects');
}
