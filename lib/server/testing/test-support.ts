// Tests of the server run on what the global set-up started (vitest.config.ts says how).
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { inject, onTestFinished } from 'vitest';
import { closeDatabase, type Database, replaceDatabase } from '@/lib/server/db/database';
import { openEmbedded } from '@/lib/server/db/embedded';
import { openPostgres } from '@/lib/server/db/postgres';
import * as schema from '@/lib/server/db/schema';
import { resetObjectStore } from '@/lib/server/objects/object-store';
import { resetEnv } from '@/lib/server/process/env';
import { forgetSingleton, processSingleton } from '@/lib/server/process/process-singleton';
import { createScheduler, type Scheduler, scheduler } from '@/lib/server/process/scheduler';
import { newDatabase, newObjects, scratchName } from './test-backends';

export interface ServerOptions {
  /** Variables of the environment beside those of the scratch database and objects. */
  env?: Record<string, string>;
  /**
   * `shared` (the default): this worker's open database, emptied: quick. `own`: a new one that is not
   * opened yet and is closed after the test. `none`: like `own`, but embedded it does not exist yet.
   */
  database?: 'shared' | 'own' | 'none';
}

export interface TestServer {
  dataDir: string;
}

/**
 * Empties every table that has rows, in whatever order they refer to each other. `truncate` gives each
 * table and index a new file, which takes several times as long.
 */
const EMPTY_EVERY_TABLE = `
  do $$
  declare name text; has_rows boolean;
  begin
    set local session_replication_role = replica;
    foreach name in array array[${tableNames()}] loop
      execute format('select exists (select from %I)', name) into has_rows;
      if has_rows then execute format('delete from %I', name); end if;
    end loop;
  end $$`;

function tableNames(): string {
  const tables = Object.values(schema).filter((value) => is(value, PgTable));
  return tables.map((table) => `'${getTableName(table)}'`).join(', ');
}

let shared: Database | null = null;

/** This worker's database, without rows; opened when the first test asks for it. */
async function sharedDatabase(): Promise<Database> {
  shared ??= await openShared();
  await shared.db.execute(sql.raw(EMPTY_EVERY_TABLE));
  return shared;
}

function noDeath(): never {
  throw new Error('The embedded database died.');
}

async function openShared(): Promise<Database> {
  const dataDir = await newDataDir();
  const { DATABASE_URL } = await newDatabase(dataDir);
  return DATABASE_URL
    ? openPostgres(DATABASE_URL)
    : openEmbedded(join(dataDir, 'database'), noDeath);
}

async function newDataDir(): Promise<string> {
  const backends = inject('serverBackends');
  if (backends.kind === 'missing') throw new Error(backends.reason);
  const dataDir = join(backends.scratch, scratchName('data'));
  await mkdir(dataDir);
  return dataDir;
}

/** Every variable that the server reads is either the test's or not set. */
const OURS =
  /^(DATA_DIR|DATABASE_URL|PORT|HOSTNAME|TRUST_PROXY|METRICS_TOKEN|WORKER_TOKEN|QUEUE_URL|(INGEST|S3|NEXTAUTH|OIDC|GITHUB|GOOGLE|TRAINING)_\w+)$/;

function setEnv(variables: Record<string, string>): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (OURS.test(name)) delete process.env[name];
  Object.assign(process.env, variables);
  const forget = () => {
    resetEnv();
    resetObjectStore();
  };
  forget();
  return () => {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, before);
    forget();
  };
}

/**
 * Gives the running test an empty database, an empty place for objects and an environment of its own,
 * which `serverEnv()`, `database()` and `objectStore()` then use. Call it in a test or in
 * `beforeEach`; everything is put back when the test is over.
 */
export async function withServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = await newDataDir();
  const kind = options.database ?? 'shared';
  const embedded = inject('serverBackends').kind === 'embedded';
  const places =
    kind === 'shared' || (kind === 'none' && embedded) ? {} : await newDatabase(dataDir);
  const restore = setEnv({ DATA_DIR: dataDir, ...places, ...newObjects(), ...options.env });
  replaceDatabase(kind === 'shared' ? sharedDatabase : null);
  const { cancelAll, ...own } = createScheduler();
  setScheduler(own);
  onTestFinished(async () => {
    cancelAll();
    forgetSingleton('scheduler');
    if (kind === 'shared') replaceDatabase(null);
    else await closeDatabase();
    restore();
  });
  return { dataDir };
}

function setScheduler(next: Scheduler): void {
  forgetSingleton('scheduler');
  processSingleton('scheduler', () => next);
}

/** Nothing is done later from here on: a test does itself what would be. @returns ends that */
export function withoutPlans(): () => void {
  const before = scheduler();
  setScheduler({ plan: () => undefined, isPlanned: () => false });
  return () => {
    setScheduler(before);
  };
}
