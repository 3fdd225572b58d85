import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

interface Folders {
  /** For files of the tests; removed after the run. */
  scratch: string;
  /** Bundled `test-children`. */
  children: string;
}

/** What the tests of this run work on, as the global set-up provides it. */
export type ServerBackends =
  | (Folders & { kind: 'embedded'; template: string })
  | (Folders & {
      kind: 'services';
      /** A user that may make databases. */
      databaseUrl: string;
      /** A database with all migrations. */
      template: string;
      /** NATS with JetStream. */
      natsUrl: string;
      s3: { endpoint: string; bucket: string; accessKeyId: string; secretAccessKey: string };
    })
  | { kind: 'missing'; reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    serverBackends: ServerBackends;
  }
}

type Variables = Record<string, string>;

/** A name that no other test has. */
export function scratchName(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}

/** A new, migrated database, as variables of the environment. */
export async function newDatabase(dataDir: string): Promise<Variables> {
  const backends = inject('serverBackends');
  if (backends.kind === 'missing') throw new Error(backends.reason);
  if (backends.kind === 'embedded') {
    await cp(backends.template, join(dataDir, 'database'), { recursive: true });
    return {};
  }
  return { DATABASE_URL: await createDatabase(`template ${backends.template}`) };
}

/** A database of PostgreSQL without any table. @returns its address */
export function newEmptyDatabase(): Promise<string> {
  return createDatabase('');
}

async function createDatabase(how: string): Promise<string> {
  const backends = inject('serverBackends');
  if (backends.kind !== 'services') throw new Error('These tests run without PostgreSQL.');
  const name = scratchName('test');
  const admin = new pg.Client({ connectionString: backends.databaseUrl });
  await admin.connect();
  try {
    await admin.query(`create database ${name} ${how}`);
  } finally {
    await admin.end();
  }
  const address = new URL(backends.databaseUrl);
  address.pathname = `/${name}`;
  return address.href;
}

/** A place for objects that no other test uses, as variables of the environment. */
export function newObjects(): Variables {
  const backends = inject('serverBackends');
  if (backends.kind !== 'services') return {};
  const { endpoint, bucket, accessKeyId, secretAccessKey } = backends.s3;
  return {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_PREFIX: scratchName('test'),
  };
}
