import 'server-only';
import { join } from 'node:path';
import { forgetSingleton, processSingleton, serverEnv } from '@/lib/server/process';
import { DirectoryStore } from './directory';
import { S3Store } from './s3';
import type { ObjectStore } from './store';

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

/** Looks at the environment again at the next use: for tests, which change it. */
export function resetObjectStore(): void {
  forgetSingleton('objects');
}
