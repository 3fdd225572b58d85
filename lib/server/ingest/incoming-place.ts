import 'server-only';
import { join } from 'node:path';
import { serverEnv } from '@/lib/server/process';
import type { Incoming } from './incoming';
import { IncomingBucket } from './incoming-bucket';
import { IncomingFolder } from './incoming-folder';

/** Where recordings come in: our bucket, or a folder of the data. */
export function incoming(): Incoming {
  const { s3, dataDir, ingestPrefix } = serverEnv();
  return s3
    ? new IncomingBucket(s3, ingestPrefix)
    : new IncomingFolder(join(dataDir, 'inbox'), ingestPrefix);
}
